using System.Net;
using System.Net.Sockets;
using Grid.Communication.Tcp;
using Grid.Communication.Tcp.Tests;
using Grid.Messaging.Handshake;
using Microsoft.Extensions.Logging.Abstractions;

namespace Grid.Messaging.Tests;

/// <summary>Who gets no link, on real sockets: each is refused, counted by reason, logged once per source and minute, and the node goes on serving.</summary>
[Trait("Lane", "loopback")]
public sealed class DoorTests : IAsyncLifetime, IDisposable
{
    private const string Secret = "a secret of the cluster";
    private const int RefusedEvent = 1003;

    private readonly RecordedLog _log = new();
    private readonly RefusalCounter _refusals = new("grid.messaging.handshakes.refused");
    private Messenger? _node;
    private NodeInfo _info = new() { Id = new NodeId(1), Name = "node" };

    public Task InitializeAsync() => StartAsync(new MessengerOptions { ClusterSecret = Secret, HandshakeTimeout = TimeSpan.FromMinutes(1) });

    public async Task DisposeAsync() => await _node!.DisposeAsync();

    public void Dispose()
    {
        _refusals.Dispose();
        _log.Dispose();
    }

    [Fact]
    public async Task A_wrong_secret_gets_no_link() => await AssertRefusedTwiceLoggedOnceAsync(Refusal.Unauthenticated, stranger => ConverseAsync(stranger, "another secret"));

    [Fact]
    public async Task A_replayed_conversation_gets_no_link()
    {
        var hello = Stranger.Write(GoodHello());
        byte[] proof;
        using (var rightful = Stranger.Dial(_info.Endpoints[0]))
        {
            await rightful.SendAsync(hello);
            proof = Stranger.Prove(Secret, hello, await rightful.ReceiveAsync(Hello.SizeBytes));
            await rightful.SendAsync(proof);
            await rightful.ReceiveAsync(Proof.SizeBytes);
        }

        await AssertRefusedTwiceLoggedOnceAsync(Refusal.Unauthenticated, async stranger =>
        {
            await stranger.SendAsync([.. hello, .. proof]);
            var answer = await stranger.ReceiveAllAsync();
            Assert.All(answer.Skip(Hello.SizeBytes), value => Assert.Equal(0, value));
        });
    }

    [Fact]
    public async Task A_proof_reflected_to_its_maker_gets_no_link()
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        var mirror = new NodeInfo { Id = new NodeId(2), Name = "mirror", Endpoints = [new NodeEndpoint("127.0.0.1", ((IPEndPoint)listener.LocalEndPoint!).Port)] };
        var reply = new PendingReply();

        _node!.GetPeer(mirror).Request(TestNode.Echo, Lane.Data, [1], reply);
        using var stranger = new Stranger(await listener.AcceptAsync());
        await stranger.ReceiveAsync(Hello.SizeBytes);
        await stranger.SendAsync(Stranger.Write(GoodHello()));
        await stranger.SendAsync(await stranger.ReceiveAsync(Proof.SizeBytes));

        await Assert.ThrowsAsync<AuthenticationException>(() => reply.Task.WaitAsync(TestNode.Guard));
        await _refusals.UntilAsync(nameof(Refusal.Unauthenticated), 1);
        await AssertServesAsync();
    }

    [Fact]
    public async Task A_node_of_another_cluster_gets_no_link() => await AssertRefusedTwiceLoggedOnceAsync(
        Refusal.OtherCluster, stranger => GreetAsync(stranger, GoodHello() with { Cluster = new ClusterId(5) }, Refusal.OtherCluster));

    [Fact]
    public async Task A_version_that_is_not_spoken_gets_no_link() => await AssertRefusedTwiceLoggedOnceAsync(
        Refusal.ProtocolVersion, stranger => GreetAsync(stranger, GoodHello() with { Protocol = new ProtocolRange(900, 901) }, Refusal.ProtocolVersion));

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Junk_gets_no_link_and_no_answer(int seed) => await AssertRefusedTwiceLoggedOnceAsync(Refusal.NotGrid, async stranger =>
    {
        var junk = new byte[100_000];
        new Random(seed).NextBytes(junk);
        var sending = stranger.TrySendAsync(junk);
        Assert.Empty(await stranger.ReceiveAllAsync());
        await sending;
    });

    [Fact]
    public async Task A_stranger_that_drips_is_cut_off()
    {
        await RestartAsync(new MessengerOptions { ClusterSecret = Secret, HandshakeTimeout = TimeSpan.FromMilliseconds(300), TickInterval = TimeSpan.FromMilliseconds(10) });

        await AssertRefusedTwiceLoggedOnceAsync(Refusal.TimedOut, async stranger =>
        {
            await stranger.TrySendAsync(Stranger.Write(GoodHello())[..50]);
            Assert.Empty(await stranger.ReceiveAllAsync());
        });
    }

    [Fact]
    public async Task Half_open_connections_beyond_the_limit_are_refused()
    {
        await RestartAsync(new MessengerOptions { ClusterSecret = Secret, HandshakeTimeout = TimeSpan.FromMinutes(1), UnauthenticatedPipesMax = 2 });
        using var first = Stranger.Dial(_info.Endpoints[0]);
        using var second = Stranger.Dial(_info.Endpoints[0]);
        await first.SendAsync(Stranger.Write(GoodHello()));
        await second.SendAsync(Stranger.Write(GoodHello()));
        await first.ReceiveAsync(Hello.SizeBytes);
        await second.ReceiveAsync(Hello.SizeBytes);

        using (var third = Stranger.Dial(_info.Endpoints[0]))
        {
            Assert.Empty(await third.ReceiveAllAsync());
        }

        await _refusals.UntilAsync(nameof(Refusal.TooManyUnauthenticated), 1);
        Assert.Contains(nameof(Refusal.TooManyUnauthenticated), Assert.Single(_log.Of(RefusedEvent)), StringComparison.Ordinal);
        first.Dispose();
        await _refusals.UntilAsync(nameof(Refusal.Broken), 1);
        await AssertServesAsync();
    }

    private static async Task GreetAsync(Stranger stranger, Hello hello, Refusal expected)
    {
        await stranger.SendAsync(Stranger.Write(hello));
        Assert.True(Hello.TryRead(await stranger.ReceiveAsync(Hello.SizeBytes), out var answer));
        Assert.Equal(expected, answer.Refusal);
        Assert.Empty(await stranger.ReceiveAllAsync());
    }

    private async Task ConverseAsync(Stranger stranger, string secret)
    {
        var hello = Stranger.Write(GoodHello());
        await stranger.SendAsync(hello);
        await stranger.SendAsync(Stranger.Prove(secret, hello, await stranger.ReceiveAsync(Hello.SizeBytes)));
        Assert.All(await stranger.ReceiveAllAsync(), value => Assert.Equal(0, value));
    }

    private async Task AssertRefusedTwiceLoggedOnceAsync(Refusal reason, Func<Stranger, Task> knock)
    {
        for (var times = 1; times <= 2; times++)
        {
            using var stranger = Stranger.Dial(_info.Endpoints[0]);
            await knock(stranger);
            await _refusals.UntilAsync(reason.ToString(), times);
        }

        Assert.Contains($": {reason} ", Assert.Single(_log.Of(RefusedEvent)), StringComparison.Ordinal);
        await AssertServesAsync();
    }

    private async Task AssertServesAsync()
    {
        await using var friend = await TestNode.StartAsync(Tcp(), 3, new MessengerOptions { ClusterSecret = Secret });
        Assert.Equal([1], await PendingReply.RequestAsync(friend.Messenger.GetPeer(_info), TestNode.Echo, [1]));
    }

    private Hello GoodHello() => new()
    {
        Protocol = ProtocolRange.Current,
        Cluster = TestNode.Cluster,
        Sender = new NodeKey(new NodeId(2), 1),
        Expected = _info.Key,
    };

    private static TcpCommunication Tcp() => new(new TcpCommunicationOptions { Listen = new NodeEndpoint("127.0.0.1", 0) }, NullLogger<TcpCommunication>.Instance);

    private async Task RestartAsync(MessengerOptions options)
    {
        await _node!.DisposeAsync();
        await StartAsync(options);
    }

    private async Task StartAsync(MessengerOptions options)
    {
        _node = new Messenger(options, Tcp(), new MessengerServices(TimeProvider.System, 1, _log, _refusals));
        _node.Handle(TestNode.Echo, new EchoHandler());
        _info = _info with { Endpoints = [.. await _node.ListenAsync(CancellationToken.None)] };
        _node.Start(new LocalPeer(_info, TestNode.Cluster));
    }

    private sealed class EchoHandler : IMessageHandler
    {
        public void OnMessage(Peer from, in IncomingMessage message) => from.Reply(message.RequestId, message.Lane, message.Payload);
    }
}
