using Grid.Testing;
using Grid.Testing.Network;

namespace Grid.Messaging.Tests;

/// <summary>What is known of a peer that does not answer, before anything is given up.</summary>
public sealed class SilenceTests : IDisposable
{
    // The manual clock may be ahead of the thread that keeps the time of links, so what must not end by itself gets long.
    private static readonly MessengerOptions Patient = new() { LinkTimeout = TimeSpan.FromHours(1), HandshakeTimeout = TimeSpan.FromMinutes(5) };
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(50);
    private readonly ManualTimeProvider _time = new();
    private readonly InMemoryNetwork _network = new();

    public void Dispose() => _network.Dispose();

    [Fact]
    public async Task A_peer_that_does_not_answer_a_ping_owes_an_answer_long_before_the_link_is_given_up()
    {
        await using var nodes = await TwoNodes.StartAsync(_network, Patient, _time);
        var peer = nodes.First.PeerOf(nodes.Second);
        await PendingReply.RequestAsync(peer, TestNode.Echo, [1]);
        var from = _time.Elapsed;
        _network.Partition("second", "first");

        await Eventually.HoldsAsync(_time, Step, () => peer.Silence >= TimeSpan.FromSeconds(1), () => $"silence {peer.Silence} after {_time.Elapsed - from}");

        Assert.True(peer.IsLinked);
        Assert.True(_time.Elapsed - from >= TimeSpan.FromSeconds(1));
        _network.Heal("second", "first");
        await Eventually.HoldsAsync(_time, Step, () => peer.Silence == TimeSpan.Zero, () => $"silence {peer.Silence}");
    }

    [Fact]
    public async Task A_peer_that_does_not_answer_an_attempt_to_link_owes_an_answer_too()
    {
        await using var nodes = await TwoNodes.StartAsync(_network, Patient, _time);
        var peer = nodes.First.PeerOf(nodes.Second);
        Assert.Equal(TimeSpan.Zero, peer.Silence);
        _network.Partition("second", "first");

        peer.Connect();
        await Eventually.HoldsAsync(_time, Step, () => peer.Silence >= TimeSpan.FromSeconds(1), () => $"silence {peer.Silence}");
        _network.Heal("second", "first");

        await Eventually.HoldsAsync(() => peer.IsLinked && peer.Silence == TimeSpan.Zero, () => $"linked: {peer.IsLinked}, silence {peer.Silence}");
    }

    [Fact]
    public async Task A_failed_attempt_to_link_is_told()
    {
        await using var nodes = await TwoNodes.StartAsync(_network);
        var gone = nodes.First.Messenger.GetPeer(nodes.Second.Info with { Id = new NodeId(50), Endpoints = [new NodeEndpoint("nowhere", 1)] });

        gone.Connect();

        await Eventually.HoldsAsync(() => !nodes.First.DialFailures.IsEmpty, () => "no failure was told");
        Assert.Contains("nowhere", nodes.First.DialFailures.First().Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Messages_that_have_waited_too_long_for_a_link_are_not_lost_in_silence()
    {
        await using var nodes = await TwoNodes.StartAsync(_network, Patient, _time);
        var peer = nodes.First.PeerOf(nodes.Second);
        _network.Partition("second", "first");
        var from = _time.Elapsed;

        Assert.True(peer.Send(TestNode.Note, Lane.Data, [1]));
        // However far the clock has come before the thread that keeps the time looks: it is told that this limit was reached, and not only that a handshake has failed.
        await Eventually.HoldsAsync(_time, Step, IsGivenUp, () => $"told: {string.Join(" | ", nodes.First.DialFailures)}");

        Assert.True(_time.Elapsed - from >= Patient.ConnectWait, $"told after {_time.Elapsed - from}");
        Assert.False(peer.IsLinked);

        bool IsGivenUp() => nodes.First.DialFailures.Any(failure => failure.Message.Contains(nameof(MessengerOptions.ConnectWait), StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_request_after_a_long_time_without_a_link_has_all_of_its_time()
    {
        await using var nodes = await TwoNodes.StartAsync(_network, new MessengerOptions { HandshakeTimeout = TimeSpan.FromMinutes(1) }, _time);
        var peer = nodes.First.PeerOf(nodes.Second);
        await PendingReply.RequestAsync(peer, TestNode.Echo, [1]);
        _network.Reset("first", "second");
        await Eventually.HoldsAsync(() => !peer.IsLinked, () => "still linked");
        // The clock may be ahead of the thread that keeps the time; that it has looked shows in a request that waits in vain.
        var inVain = PendingReply.RequestAsync(nodes.First.Messenger.GetPeer(nodes.Second.Info with { Id = new NodeId(50), Endpoints = [new NodeEndpoint("nowhere", 1)] }), TestNode.Echo, [1]);
        await Eventually.HoldsAsync(_time, Step, () => inVain.IsCompleted, () => $"{_time.Elapsed}");
        await Assert.ThrowsAsync<CommunicationException>(() => inVain);
        _network.Partition("second", "first");

        var from = _time.Elapsed;
        var waiting = PendingReply.RequestAsync(peer, TestNode.Echo, [2]);
        await Eventually.HoldsAsync(_time, Step, () => waiting.IsCompleted, () => $"still waiting after {_time.Elapsed - from}");

        await Assert.ThrowsAsync<CommunicationException>(() => waiting);
        Assert.True(_time.Elapsed - from >= new MessengerOptions().ConnectWait, $"given up after {_time.Elapsed - from}");
    }
}
