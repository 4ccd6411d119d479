using Grid.Testing;
using Grid.Testing.Network;

namespace Grid.Messaging.Tests;

public sealed class ReconnectTests : IDisposable
{
    private readonly ManualTimeProvider _time = new();
    private readonly InMemoryNetwork _network = new();

    public void Dispose() => _network.Dispose();

    [Fact]
    public async Task A_broken_link_fails_what_was_sent_and_the_next_request_makes_another()
    {
        await using var nodes = await TwoNodes.StartAsync(_network);
        var peer = nodes.First.PeerOf(nodes.Second);
        await PendingReply.RequestAsync(peer, TestNode.Echo, [1]);
        var sent = PendingReply.RequestAsync(peer, TestNode.Silent, [1]);
        await Eventually.HoldsAsync(() => nodes.Second.SilentRequestId != 0, () => "the request has not arrived");

        _network.Reset("first", "second");

        Assert.True((await Assert.ThrowsAsync<CommunicationException>(() => sent)).MayHaveBeenDelivered);
        Assert.Equal([2], await PendingReply.RequestAsync(peer, TestNode.Echo, [2]));
        await Eventually.HoldsAsync(() => (nodes.First.LinksUp, nodes.First.LinksDown) == (2, 1), () => $"{nodes.First.LinksUp} up, {nodes.First.LinksDown} down");
    }

    [Fact]
    public async Task A_request_waits_for_a_peer_that_cannot_be_reached_and_then_fails_as_not_delivered()
    {
        await using var nodes = await TwoNodes.StartAsync(_network, time: _time);
        _network.Partition("first", "second");

        var waiting = PendingReply.RequestAsync(nodes.First.PeerOf(nodes.Second), TestNode.Echo, [1]);
        await Eventually.HoldsAsync(_time, TimeSpan.FromMilliseconds(50), () => waiting.IsCompleted, () => $"still waiting after {_time.Elapsed}");

        Assert.False((await Assert.ThrowsAsync<CommunicationException>(() => waiting)).MayHaveBeenDelivered);
        Assert.True(_time.Elapsed >= new MessengerOptions().ConnectWait);
    }

    [Fact]
    public async Task A_request_that_waits_is_sent_when_the_peer_can_be_reached_again()
    {
        await using var nodes = await TwoNodes.StartAsync(_network, new MessengerOptions { ConnectWait = TimeSpan.FromMinutes(10) }, _time);
        _network.Partition("first", "second");
        var waiting = PendingReply.RequestAsync(nodes.First.PeerOf(nodes.Second), TestNode.Echo, [1]);

        await Eventually.HoldsAsync(_time, TimeSpan.FromMilliseconds(50), () => _time.Elapsed > TimeSpan.FromSeconds(20), () => $"{_time.Elapsed}");
        _network.Heal("first", "second");
        await Eventually.HoldsAsync(_time, TimeSpan.FromMilliseconds(50), () => waiting.IsCompleted, () => $"still waiting after {_time.Elapsed}");

        Assert.Equal([1], await waiting);
    }

    [Fact]
    public async Task A_half_open_link_is_noticed_and_its_requests_fail()
    {
        await using var nodes = await TwoNodes.StartAsync(_network, time: _time);
        var peer = nodes.First.PeerOf(nodes.Second);
        await PendingReply.RequestAsync(peer, TestNode.Echo, [1]);
        var from = _time.Elapsed;
        _network.Partition("second", "first");
        var waiting = PendingReply.RequestAsync(peer, TestNode.Echo, [2]);

        await Eventually.HoldsAsync(_time, TimeSpan.FromMilliseconds(50), () => waiting.IsCompleted, () => $"still waiting after {_time.Elapsed}");

        var error = await Assert.ThrowsAsync<CommunicationException>(() => waiting);
        Assert.True(error.MayHaveBeenDelivered);
        Assert.True(_time.Elapsed - from >= new MessengerOptions().LinkTimeout);
    }

    [Fact]
    public async Task A_quiet_link_stays_up_because_it_is_pinged()
    {
        await using var nodes = await TwoNodes.StartAsync(_network, time: _time);
        var peer = nodes.First.PeerOf(nodes.Second);
        await PendingReply.RequestAsync(peer, TestNode.Echo, [1]);

        for (var step = 0; step < 600; step++)
        {
            _time.Advance(TimeSpan.FromMilliseconds(100));
            await PendingReply.RequestAsync(nodes.Second.PeerOf(nodes.First), TestNode.Echo, [2]);
        }

        Assert.True(peer.IsLinked);
        Assert.Equal(0, nodes.First.LinksDown);
    }

    [Fact]
    public async Task An_idle_link_is_closed_without_an_error_and_made_again_when_needed()
    {
        await using var nodes = await TwoNodes.StartAsync(_network, new MessengerOptions { IdleTimeout = TimeSpan.FromSeconds(1), PingInterval = TimeSpan.FromMinutes(9), LinkTimeout = TimeSpan.FromMinutes(30) }, _time);
        var peer = nodes.First.PeerOf(nodes.Second);
        await PendingReply.RequestAsync(peer, TestNode.Echo, [1]);

        await Eventually.HoldsAsync(_time, TimeSpan.FromMilliseconds(50), () => !peer.IsLinked && _network.Connections == 0, () => $"linked: {peer.IsLinked}, connections: {_network.Connections}");

        Assert.Equal([2], await PendingReply.RequestAsync(peer, TestNode.Echo, [2]));
    }

    [Fact]
    public async Task A_one_way_message_is_not_taken_while_the_peer_cannot_be_reached()
    {
        await using var nodes = await TwoNodes.StartAsync(_network, new MessengerOptions { BackOffFirst = TimeSpan.FromMinutes(1), BackOffMax = TimeSpan.FromMinutes(5) }, _time);
        var gone = nodes.Second.Info with { Id = new NodeId(50), Endpoints = [new NodeEndpoint("nowhere", 1)] };
        var peer = nodes.First.Messenger.GetPeer(gone);

        Assert.True(peer.Send(TestNode.Note, Lane.Control, [1]));
        await Eventually.HoldsAsync(() => !peer.Send(TestNode.Note, Lane.Control, [1]), () => "messages are still taken");
    }

    [Fact]
    public async Task A_forgotten_peer_fails_what_is_pending_and_takes_nothing_more()
    {
        await using var nodes = await TwoNodes.StartAsync(_network);
        var peer = nodes.First.PeerOf(nodes.Second);
        var waiting = PendingReply.RequestAsync(peer, TestNode.Silent, [1]);

        nodes.First.Messenger.Forget(nodes.Second.Info.Key);

        await Assert.ThrowsAsync<CommunicationException>(() => waiting);
        await Assert.ThrowsAsync<CommunicationException>(() => PendingReply.RequestAsync(peer, TestNode.Echo, [1]));
        Assert.Null(nodes.First.Messenger.FindPeer(nodes.Second.Info.Key));
    }

    [Fact]
    public async Task A_node_that_joins_again_closes_its_links_and_makes_new_ones()
    {
        await using var nodes = await TwoNodes.StartAsync(_network);
        var peer = nodes.First.PeerOf(nodes.Second);
        await PendingReply.RequestAsync(peer, TestNode.Echo, [1]);
        var waiting = PendingReply.RequestAsync(peer, TestNode.Silent, [1]);

        nodes.First.Rejoin();

        await Assert.ThrowsAsync<CommunicationException>(() => waiting);
        Assert.Equal([2], await PendingReply.RequestAsync(peer, TestNode.Echo, [2]));
        Assert.NotNull(nodes.Second.Messenger.FindPeer(nodes.First.Info.Key));
    }

    [Fact]
    public async Task Opening_at_once_from_both_sides_settles_on_one_link_and_loses_nothing()
    {
        const int Seed = 4711;
        for (var round = 0; round < 100; round++)
        {
            using var network = new InMemoryNetwork(new InMemoryNetworkOptions { Seed = Seed + round, LatencyMax = TimeSpan.FromMilliseconds(2) });
            await using var nodes = await TwoNodes.StartAsync(network);

            var there = PendingReply.RequestAsync(nodes.First.PeerOf(nodes.Second), TestNode.Echo, [1]);
            var back = PendingReply.RequestAsync(nodes.Second.PeerOf(nodes.First), TestNode.Echo, [2]);

            Assert.Equal([1], await there);
            Assert.Equal([2], await back);
            await Eventually.HoldsAsync(() => network.Connections == 1, () => $"round {round}, seed {Seed + round}: {network.Connections} connections");
        }
    }

    [Fact]
    public async Task Under_broken_connections_every_request_has_exactly_one_outcome()
    {
        const int Seed = 900;
        for (var round = 0; round < 20; round++)
        {
            using var network = new InMemoryNetwork(new InMemoryNetworkOptions
            {
                Seed = Seed + round,
                LatencyMax = TimeSpan.FromMilliseconds(1),
                BreakProbability = 0.05,
                ConnectFailureProbability = 0.2,
            });
            var options = new MessengerOptions { BackOffFirst = TimeSpan.FromMilliseconds(1), BackOffMax = TimeSpan.FromMilliseconds(5), TickInterval = TimeSpan.FromMilliseconds(1), HandshakeTimeout = TimeSpan.FromMilliseconds(200) };
            await using var nodes = await TwoNodes.StartAsync(network, options);
            var replies = new List<PendingReply>();
            for (var number = 0; number < 300; number++)
            {
                var reply = new PendingReply();
                replies.Add(reply);
                var (from, to) = number % 2 == 0 ? (nodes.First, nodes.Second) : (nodes.Second, nodes.First);
                from.PeerOf(to).Request(TestNode.Echo, (Lane)(number % 3), new byte[number % 7 == 0 ? 100_000 : 10], reply);
                await Task.Yield();
            }

            await Eventually.HoldsAsync(() => replies.All(reply => reply.Task.IsCompleted), () => $"seed {Seed + round}: {replies.Count(reply => !reply.Task.IsCompleted)} hang");
            Assert.All(replies, reply => Assert.Equal(1, reply.Outcomes));
            Assert.All(replies.Where(reply => reply.Task.IsFaulted), reply => Assert.IsType<CommunicationException>(reply.Task.Exception!.InnerException));
        }
    }
}
