using System.Buffers;
using Grid.Messaging.Handshake;
using Grid.Spi;
using Grid.Testing;
using Grid.Testing.Network;

namespace Grid.Messaging.Tests;

/// <summary>Strangers with scripted bytes, and nodes that do not fit together.</summary>
public sealed class HandshakeTests : IDisposable
{
    private const string Secret = "a secret of the cluster";

    private readonly InMemoryNetwork _network = new();

    public void Dispose() => _network.Dispose();

    [Fact]
    public async Task The_same_secret_makes_a_link_beyond_loopback()
    {
        await using var first = await StartAsync(1, Secret, isLoopback: false);
        await using var second = await StartAsync(2, Secret, isLoopback: false);

        Assert.Equal([1], await PendingReply.RequestAsync(first.PeerOf(second), TestNode.Echo, [1]));
    }

    [Theory]
    [InlineData(Secret, "another secret")]
    [InlineData(Secret, "")]
    [InlineData("", Secret)]
    public async Task Different_secrets_make_no_link_and_say_so(string one, string other)
    {
        await using var first = await StartAsync(1, one);
        await using var second = await StartAsync(2, other);

        var error = await Assert.ThrowsAsync<AuthenticationException>(() => PendingReply.RequestAsync(first.PeerOf(second), TestNode.Echo, [1]));

        Assert.Contains("secret", error.Message, StringComparison.Ordinal);
        Assert.Null(second.Messenger.FindPeer(first.Info.Key));
    }

    [Fact]
    public async Task Without_a_secret_there_is_no_link_beyond_loopback()
    {
        await using var first = await StartAsync(1, "", isLoopback: false);
        await using var second = await StartAsync(2, "", isLoopback: false);

        var error = await Assert.ThrowsAsync<AuthenticationException>(() => PendingReply.RequestAsync(first.PeerOf(second), TestNode.Echo, [1]));

        Assert.Contains("ClusterSecret", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_address_that_is_now_another_process_is_refused()
    {
        await using var first = await StartAsync(1, Secret);
        await using var second = await StartAsync(2, Secret);
        var former = second.Info with { Id = new NodeId(99) };

        var error = await Assert.ThrowsAsync<CommunicationException>(() => PendingReply.RequestAsync(first.Messenger.GetPeer(former), TestNode.Echo, [1]));

        Assert.False(error.MayHaveBeenDelivered);
        Assert.Contains("another process", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_earlier_incarnation_is_refused()
    {
        await using var first = await StartAsync(1, Secret);
        await using var second = await StartAsync(2, Secret);
        var former = second.Info;
        second.Rejoin();

        await Assert.ThrowsAsync<CommunicationException>(() => PendingReply.RequestAsync(first.Messenger.GetPeer(former), TestNode.Echo, [1]));
        Assert.Equal([1], await PendingReply.RequestAsync(first.PeerOf(second), TestNode.Echo, [1]));
    }

    [Fact]
    public async Task A_node_that_is_about_to_take_the_incarnation_it_is_dialed_by_is_dialed_again()
    {
        await using var node = await StartAsync(1, Secret);
        await using var stranger = _network.CreateProvider("stranger");
        var endpoint = (await stranger.ListenAsync(CancellationToken.None))[0];
        var rejoining = new NodeInfo { Id = new NodeId(2), Name = "rejoining", Incarnation = 2, Endpoints = [endpoint] };
        node.Messenger.GetPeer(rejoining).Request(TestNode.Echo, Lane.Data, [1], new PendingReply());

        for (var attempt = 0; attempt < 3; attempt++)
        {
            await using var pipe = await stranger.AcceptAsync(CancellationToken.None).AsTask().WaitAsync(TestNode.Guard);
            await ReadExactlyAsync(pipe!, Hello.SizeBytes);
            await SendHelloAsync(pipe!, GoodHello(node) with { Refusal = Refusal.Rejoining });
        }
    }

    [Fact]
    public async Task Another_cluster_version_or_node_is_told_why_by_the_first_message()
    {
        await using var node = await StartAsync(1, Secret);
        var good = GoodHello(node);

        Assert.Equal(Refusal.OtherCluster, await RefusalOfAsync(node, good with { Cluster = new ClusterId(5) }));
        Assert.Equal(Refusal.ProtocolVersion, await RefusalOfAsync(node, good with { Protocol = new ProtocolRange(900, 901) }));
        Assert.Equal(Refusal.OtherNode, await RefusalOfAsync(node, good with { Expected = new NodeKey(new NodeId(5), 1) }));
        Assert.Equal(Refusal.Rejoining, await RefusalOfAsync(node, good with { Expected = node.Info.Key with { Incarnation = node.Info.Incarnation + 1 } }));
        Assert.Equal(Refusal.Self, await RefusalOfAsync(node, good with { Sender = node.Info.Key }));
        Assert.Equal(Refusal.None, await RefusalOfAsync(node, good));
    }

    [Fact]
    public async Task Garbage_closes_the_pipe_without_an_answer()
    {
        await using var node = await StartAsync(1, Secret);
        await using var stranger = _network.CreateProvider("stranger");
        await using var pipe = await stranger.ConnectAsync(node.Info.Endpoints[0], CancellationToken.None);

        await pipe.Output.WriteAsync(Enumerable.Repeat((byte)'x', 4000).ToArray());

        Assert.Empty(await ReadToEndAsync(pipe));
    }

    [Fact]
    public async Task A_proof_sent_back_to_its_maker_is_refused()
    {
        await using var node = await StartAsync(1, Secret);
        await using var stranger = _network.CreateProvider("stranger");
        var endpoint = (await stranger.ListenAsync(CancellationToken.None))[0];
        var impostor = new NodeInfo { Id = new NodeId(2), Name = "impostor", Endpoints = [endpoint] };
        var accept = stranger.AcceptAsync(CancellationToken.None).AsTask();
        var reply = new PendingReply();
        node.Messenger.GetPeer(impostor).Request(TestNode.Echo, Lane.Data, [1], reply);
        await using var pipe = await accept.WaitAsync(TestNode.Guard);

        await ReadExactlyAsync(pipe!, Hello.SizeBytes);
        await SendHelloAsync(pipe!, GoodHello(node) with { Sender = impostor.Key });
        await pipe!.Output.WriteAsync(await ReadExactlyAsync(pipe, Proof.SizeBytes));

        await Assert.ThrowsAsync<AuthenticationException>(() => reply.Task.WaitAsync(TestNode.Guard));
    }

    [Fact]
    public async Task A_replayed_conversation_is_refused_and_answered_with_nothing_made_of_the_secret()
    {
        await using var node = await StartAsync(1, Secret);
        await using var stranger = _network.CreateProvider("stranger");
        var hello = new byte[Hello.SizeBytes];
        GoodHello(node).Write(hello, new byte[Hello.NonceBytes]);
        var recorded = new byte[Proof.SizeBytes];
        Proof.Write(recorded, new Proof.Exchange(System.Text.Encoding.UTF8.GetBytes(Secret), hello, new byte[Hello.SizeBytes]), isDialer: true, Refusal.None, "node-2");
        await using var pipe = await stranger.ConnectAsync(node.Info.Endpoints[0], CancellationToken.None);

        await pipe.Output.WriteAsync(hello);
        await ReadExactlyAsync(pipe, Hello.SizeBytes);
        await pipe.Output.WriteAsync(recorded);

        var answer = await ReadToEndAsync(pipe);
        Assert.All(answer, value => Assert.Equal(0, value));
        Assert.Null(node.Messenger.FindPeer(new NodeKey(new NodeId(2), 1)));
    }

    [Fact]
    public async Task A_stranger_that_says_nothing_is_cut_off_in_time()
    {
        var time = new ManualTimeProvider();
        await using var node = await StartAsync(1, Secret, time: time);
        await using var stranger = _network.CreateProvider("stranger");
        await using var pipe = await stranger.ConnectAsync(node.Info.Endpoints[0], CancellationToken.None);
        await pipe.Output.WriteAsync(new byte[10]);
        var cut = ReadToEndAsync(pipe);

        await Eventually.HoldsAsync(time, TimeSpan.FromSeconds(1), () => cut.IsCompleted, () => $"still connected after {time.Elapsed}");

        Assert.Empty(await cut);
        Assert.True(time.Elapsed >= new MessengerOptions().HandshakeTimeout);
    }

    [Fact]
    public async Task Strangers_beyond_the_limit_are_refused_while_the_others_are_served()
    {
        await using var node = await TestNode.StartAsync(_network.CreateProvider("node-1"), 1, new MessengerOptions { ClusterSecret = Secret, UnauthenticatedPipesMax = 2 });
        await using var stranger = _network.CreateProvider("stranger");
        await using var first = await stranger.ConnectAsync(node.Info.Endpoints[0], CancellationToken.None);
        await using var second = await stranger.ConnectAsync(node.Info.Endpoints[0], CancellationToken.None);

        await using var third = await stranger.ConnectAsync(node.Info.Endpoints[0], CancellationToken.None);

        Assert.Empty(await ReadToEndAsync(third));
        await SendHelloAsync(first, GoodHello(node));
        Assert.True(Hello.TryRead(await ReadExactlyAsync(first, Hello.SizeBytes), out _));
    }

    private static Hello GoodHello(TestNode node) => new()
    {
        Protocol = ProtocolRange.Current,
        Cluster = TestNode.Cluster,
        Sender = new NodeKey(new NodeId(2), 1),
        Expected = node.Info.Key,
    };

    private static async Task SendHelloAsync(ICommunicationPipe pipe, Hello hello)
    {
        var bytes = new byte[Hello.SizeBytes];
        hello.Write(bytes, new byte[Hello.NonceBytes]);
        await pipe.Output.WriteAsync(bytes);
    }

    private static async Task<byte[]> ReadExactlyAsync(ICommunicationPipe pipe, int count)
    {
        var result = await pipe.Input.ReadAtLeastAsync(count).AsTask().WaitAsync(TestNode.Guard);
        var bytes = result.Buffer.Slice(0, count).ToArray();
        pipe.Input.AdvanceTo(result.Buffer.GetPosition(count));
        return bytes;
    }

    private static async Task<byte[]> ReadToEndAsync(ICommunicationPipe pipe)
    {
        var bytes = new List<byte>();
        try
        {
            while (true)
            {
                var result = await pipe.Input.ReadAsync().AsTask().WaitAsync(TestNode.Guard);
                bytes.AddRange(result.Buffer.ToArray());
                pipe.Input.AdvanceTo(result.Buffer.End);
                if (result.IsCompleted)
                {
                    return [.. bytes];
                }
            }
        }
        catch (CommunicationException)
        {
            return [.. bytes];
        }
    }

    private async Task<Refusal> RefusalOfAsync(TestNode node, Hello hello)
    {
        await using var stranger = _network.CreateProvider("stranger");
        await using var pipe = await stranger.ConnectAsync(node.Info.Endpoints[0], CancellationToken.None);
        await SendHelloAsync(pipe, hello);
        Assert.True(Hello.TryRead(await ReadExactlyAsync(pipe, Hello.SizeBytes), out var answer));
        return answer.Refusal;
    }

    private Task<TestNode> StartAsync(uint id, string secret, bool isLoopback = true, TimeProvider? time = null) =>
        TestNode.StartAsync(_network.CreateProvider($"node-{id}", isLoopback), id, new MessengerOptions { ClusterSecret = secret }, time);
}
