using System.Diagnostics;
using Grid.Testing.Network;

namespace Grid.Messaging.Tests;

public sealed class LinkTests : IDisposable
{
    private readonly InMemoryNetwork _network = new();

    public void Dispose() => _network.Dispose();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(32 * 1024)]
    [InlineData(32 * 1024 + 1)]
    [InlineData(1_000_003)]
    public async Task A_request_is_answered_whatever_its_size(int bytes)
    {
        await using var nodes = await TwoNodes.StartAsync(_network);
        var payload = new byte[bytes];
        new Random(bytes).NextBytes(payload);

        Assert.Equal(payload, await PendingReply.RequestAsync(nodes.First.PeerOf(nodes.Second), TestNode.Echo, payload));
    }

    [Fact]
    public async Task Both_directions_share_one_link()
    {
        await using var nodes = await TwoNodes.StartAsync(_network);
        await PendingReply.RequestAsync(nodes.First.PeerOf(nodes.Second), TestNode.Echo, [1]);

        await PendingReply.RequestAsync(nodes.Second.PeerOf(nodes.First), TestNode.Echo, [2]);

        Assert.Equal(1, _network.Connections);
    }

    [Fact]
    public async Task A_client_that_does_not_listen_is_asked_over_the_link_it_made()
    {
        await using var server = await TestNode.StartAsync(_network.CreateProvider("server"), 1);
        await using var client = TestNode.StartClient(_network.CreateProvider("client"), 2);
        await PendingReply.RequestAsync(client.PeerOf(server), TestNode.Echo, [1]);

        var peer = server.Messenger.FindPeer(client.Info.Key);

        Assert.Equal("node-2", peer!.Node.Name);
        Assert.Equal([5], await PendingReply.RequestAsync(peer, TestNode.Echo, [5]));
    }

    [Fact]
    public async Task A_one_way_message_arrives_also_when_it_makes_the_link()
    {
        await using var nodes = await TwoNodes.StartAsync(_network);

        Assert.True(nodes.First.PeerOf(nodes.Second).Send(TestNode.Note, Lane.Control, [1]));

        await Eventually.HoldsAsync(() => nodes.Second.Notes == 1, () => "the note has not arrived");
    }

    [Fact]
    public async Task A_kind_that_nobody_handles_fails_the_request_at_once()
    {
        await using var nodes = await TwoNodes.StartAsync(_network);

        var error = await Assert.ThrowsAsync<CommunicationException>(() => PendingReply.RequestAsync(nodes.First.PeerOf(nodes.Second), 200, [1]));

        Assert.False(error.MayHaveBeenDelivered);
        Assert.Contains("200", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_abandoned_request_hears_nothing_more()
    {
        await using var nodes = await TwoNodes.StartAsync(_network);
        var peer = nodes.First.PeerOf(nodes.Second);
        var abandoned = new PendingReply();
        var id = peer.Request(TestNode.Silent, Lane.Data, [1], abandoned);
        await PendingReply.RequestAsync(peer, TestNode.Echo, [2]);

        Assert.True(peer.Abandon(id));
        Assert.False(peer.Abandon(id));
        nodes.Second.PeerOf(nodes.First).Reply(nodes.Second.SilentRequestId, Lane.Data, [3]);

        await PendingReply.RequestAsync(peer, TestNode.Echo, [2]);
        Assert.Equal(0, abandoned.Outcomes);
    }

    [Fact]
    public async Task The_senders_activity_reaches_the_handler()
    {
        await using var nodes = await TwoNodes.StartAsync(_network);
        using var activity = new Activity("test").SetIdFormat(ActivityIdFormat.W3C).Start();

        await PendingReply.RequestAsync(nodes.First.PeerOf(nodes.Second), TestNode.Echo, [1]);

        Assert.Equal((activity.TraceId, activity.SpanId), (nodes.Second.LastRequest!.Trace.TraceId, nodes.Second.LastRequest.Trace.SpanId));
    }

    [Fact]
    public async Task A_message_beyond_the_limit_is_refused_before_it_is_sent()
    {
        await using var nodes = await TwoNodes.StartAsync(_network, new MessengerOptions { MessageBytesMax = 65_536 });
        var reply = new PendingReply();

        Assert.Equal(0, nodes.First.PeerOf(nodes.Second).Request(TestNode.Echo, Lane.Data, new byte[65_537], reply));

        var error = await Assert.ThrowsAsync<CommunicationException>(() => reply.Task);
        Assert.False(error.MayHaveBeenDelivered);
        Assert.Contains(nameof(MessengerOptions.MessageBytesMax), error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task At_the_bound_of_the_queue_requests_fail_until_there_is_room()
    {
        await using var nodes = await TwoNodes.StartAsync(_network, new MessengerOptions { QueueBytesMax = 65_536 });
        var peer = nodes.First.PeerOf(nodes.Second);
        await PendingReply.RequestAsync(peer, TestNode.Echo, [1]);
        _network.Partition("first", "second");
        await FillAsync(peer);

        Assert.Equal(0, peer.Request(TestNode.Echo, Lane.Data, new byte[30_000], new PendingReply()));
        Assert.False(peer.Send(TestNode.Note, Lane.Data, new byte[30_000]));
        var room = peer.WaitForRoomAsync(Lane.Data, CancellationToken.None).AsTask();
        _network.Heal("first", "second");

        await room.WaitAsync(TestNode.Guard);
        Assert.Equal([2], await PendingReply.RequestAsync(peer, TestNode.Echo, [2]));
    }

    [Fact]
    public async Task Too_many_pending_requests_are_refused()
    {
        await using var nodes = await TwoNodes.StartAsync(_network, new MessengerOptions { PendingRequestsMax = 2 });
        var peer = nodes.First.PeerOf(nodes.Second);
        peer.Request(TestNode.Silent, Lane.Data, [1], new PendingReply());
        peer.Request(TestNode.Silent, Lane.Data, [1], new PendingReply());

        var error = await Assert.ThrowsAsync<CommunicationException>(() => PendingReply.RequestAsync(peer, TestNode.Echo, [1]));

        Assert.Contains(nameof(MessengerOptions.PendingRequestsMax), error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_handler_that_throws_costs_the_link_and_not_the_node()
    {
        await using var thrower = await TestNode.StartAsync(_network.CreateProvider("thrower"), 1, register: messenger => messenger.Handle(9, new Thrower()));
        await using var caller = await TestNode.StartAsync(_network.CreateProvider("caller"), 2);

        await Assert.ThrowsAsync<CommunicationException>(() => PendingReply.RequestAsync(caller.PeerOf(thrower), 9, [1]));

        Assert.Equal([1], await PendingReply.RequestAsync(caller.PeerOf(thrower), TestNode.Echo, [1]));
    }

    [Fact]
    public async Task Messages_of_one_lane_arrive_in_the_order_in_which_they_were_sent()
    {
        var order = new OrderHandler();
        await using var receiver = await TestNode.StartAsync(_network.CreateProvider("receiver"), 1, register: messenger => messenger.Handle(9, order));
        await using var sender = await TestNode.StartAsync(_network.CreateProvider("sender"), 2);
        var peer = sender.PeerOf(receiver);

        for (var number = 0; number < 500; number++)
        {
            var payload = new byte[number % 10 == 0 ? 50_000 : 4];
            BitConverter.TryWriteBytes(payload, number);
            Assert.True(peer.Send(9, Lane.Data, payload));
        }

        await Eventually.HoldsAsync(() => order.Count == 500, () => $"{order.Count} of 500 have arrived");
        Assert.True(order.IsAscending);
    }

    [Fact]
    public async Task What_waits_when_the_messenger_is_disposed_fails_and_so_does_what_comes_later()
    {
        await using var nodes = await TwoNodes.StartAsync(_network);
        var peer = nodes.First.PeerOf(nodes.Second);
        var waiting = new PendingReply();
        peer.Request(TestNode.Silent, Lane.Data, [1], waiting);

        await nodes.First.DisposeAsync();
        await nodes.First.DisposeAsync();

        await Assert.ThrowsAsync<CommunicationException>(() => waiting.Task.WaitAsync(TestNode.Guard));
        await Assert.ThrowsAsync<CommunicationException>(() => PendingReply.RequestAsync(peer, TestNode.Echo, [1]));
    }

    private static async Task FillAsync(Peer peer)
    {
        for (var refused = 0; refused < 3;)
        {
            refused = peer.Send(TestNode.Note, Lane.Data, new byte[30_000]) ? 0 : refused + 1;
            await Task.Yield();
        }
    }

    private sealed class Thrower : IMessageHandler
    {
        public void OnMessage(Peer from, in IncomingMessage message) => throw new InvalidOperationException("a fault of this test's handler");
    }

    private sealed class OrderHandler : IMessageHandler
    {
        private int _last = -1;
        private int _count;

        public int Count => Volatile.Read(ref _count);

        public bool IsAscending { get; private set; } = true;

        public void OnMessage(Peer from, in IncomingMessage message)
        {
            var number = BitConverter.ToInt32(message.Payload);
            IsAscending &= number == _last + 1;
            _last = number;
            Interlocked.Increment(ref _count);
        }
    }
}
