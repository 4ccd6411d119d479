using Grid.Testing.Network;

namespace Grid.Messaging.Tests;

public sealed class StreamTests : IDisposable
{
    private const byte Kind = 4;

    private readonly InMemoryNetwork _network = new();
    private readonly Receiver _receiver = new();

    public void Dispose() => _network.Dispose();

    [Fact]
    public async Task Bytes_flow_in_both_directions_until_both_ends_are_done()
    {
        await using var nodes = await StartAsync();
        await using var near = await nodes.Opener.PeerOf(nodes.Acceptor).OpenStreamAsync(Kind, Lane.Bulk, new byte[] { 42 }, CancellationToken.None);
        var bytes = new byte[2_000_000];
        new Random(3).NextBytes(bytes);
        var writing = Task.Run(async () =>
        {
            await near.WriteAsync(bytes, CancellationToken.None);
            near.CompleteWriting();
        });
        await using var far = await _receiver.Stream.WaitAsync(TestNode.Guard);

        Assert.Equal([42], _receiver.Header);
        Assert.Equal(bytes, await ReadToEndAsync(far));
        await far.WriteAsync(new byte[] { 1, 2 }, CancellationToken.None);
        far.CompleteWriting();
        Assert.Equal([1, 2], await ReadToEndAsync(near));
        await writing;
    }

    [Fact]
    public async Task A_writer_waits_for_credit()
    {
        await using var nodes = await StartAsync();
        await using var near = await nodes.Opener.PeerOf(nodes.Acceptor).OpenStreamAsync(Kind, Lane.Bulk, default, CancellationToken.None);
        await using var far = await _receiver.Stream.WaitAsync(TestNode.Guard);
        var writing = near.WriteAsync(new byte[10 * new MessengerOptions().StreamWindowBytes], CancellationToken.None).AsTask();
        var buffer = new byte[1];
        Assert.Equal(1, await far.ReadAsync(buffer, CancellationToken.None));
        await PendingReply.RequestAsync(nodes.Opener.PeerOf(nodes.Acceptor), TestNode.Echo, [1], Lane.Bulk);

        Assert.False(writing.IsCompleted);
        near.Abort();
        await Assert.ThrowsAsync<CommunicationException>(() => writing.WaitAsync(TestNode.Guard));
    }

    [Fact]
    public async Task An_aborted_stream_fails_the_other_end_after_what_has_arrived()
    {
        await using var nodes = await StartAsync();
        await using var near = await nodes.Opener.PeerOf(nodes.Acceptor).OpenStreamAsync(Kind, Lane.Bulk, default, CancellationToken.None);
        await using var far = await _receiver.Stream.WaitAsync(TestNode.Guard);
        await near.WriteAsync(new byte[] { 1, 2, 3 }, CancellationToken.None);
        var buffer = new byte[3];
        Assert.Equal(3, await far.ReadAsync(buffer, CancellationToken.None));
        var pending = far.ReadAsync(buffer, CancellationToken.None).AsTask();

        await near.DisposeAsync();

        await Assert.ThrowsAsync<CommunicationException>(() => pending.WaitAsync(TestNode.Guard));
    }

    [Fact]
    public async Task A_stream_that_nobody_handles_fails()
    {
        await using var nodes = await StartAsync();
        await using var near = await nodes.Opener.PeerOf(nodes.Acceptor).OpenStreamAsync(99, Lane.Bulk, default, CancellationToken.None);

        await Assert.ThrowsAsync<CommunicationException>(() => near.ReadAsync(new byte[1], CancellationToken.None).AsTask().WaitAsync(TestNode.Guard));
    }

    [Fact]
    public async Task A_broken_link_fails_its_streams()
    {
        await using var nodes = await StartAsync();
        await using var near = await nodes.Opener.PeerOf(nodes.Acceptor).OpenStreamAsync(Kind, Lane.Bulk, default, CancellationToken.None);
        var pending = near.ReadAsync(new byte[1], CancellationToken.None).AsTask();

        _network.Reset("opener", "acceptor");

        await Assert.ThrowsAsync<CommunicationException>(() => pending.WaitAsync(TestNode.Guard));
    }

    [Fact]
    public async Task A_cancelled_read_leaves_the_stream_usable()
    {
        await using var nodes = await StartAsync();
        await using var near = await nodes.Opener.PeerOf(nodes.Acceptor).OpenStreamAsync(Kind, Lane.Bulk, default, CancellationToken.None);
        await using var far = await _receiver.Stream.WaitAsync(TestNode.Guard);
        using var cancellation = new CancellationTokenSource();
        var pending = near.ReadAsync(new byte[1], cancellation.Token).AsTask();

        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => pending.WaitAsync(TestNode.Guard));
        await far.WriteAsync(new byte[] { 5 }, CancellationToken.None);
        var buffer = new byte[1];
        Assert.Equal(1, await near.ReadAsync(buffer, CancellationToken.None).AsTask().WaitAsync(TestNode.Guard));
        Assert.Equal([5], buffer);
    }

    // The platform's tasks hand a continuation to the shared pool when the result comes between the look at IsCompleted and the registration.
    [Fact]
    public async Task A_read_that_is_served_in_the_moment_in_which_it_is_awaited_goes_on_at_once()
    {
        await using var nodes = await StartAsync();
        await using var near = await nodes.Opener.PeerOf(nodes.Acceptor).OpenStreamAsync(Kind, Lane.Bulk, default, CancellationToken.None);
        await using var far = await _receiver.Stream.WaitAsync(TestNode.Guard);
        var read = BeginRead(near);
        Assert.False(read.IsCompleted);

        await far.WriteAsync(new byte[] { 1, 2 }, CancellationToken.None);
        await PendingReply.RequestAsync(nodes.Acceptor.Messenger.FindPeer(nodes.Opener.Info.Key)!, TestNode.Echo, [1], Lane.Bulk);

        Assert.True(read.ContinuesAtOnce());
    }

    [Fact]
    public async Task A_write_that_gets_credit_in_the_moment_in_which_it_is_awaited_goes_on_at_once()
    {
        await using var nodes = await StartAsync();
        await using var near = await nodes.Opener.PeerOf(nodes.Acceptor).OpenStreamAsync(Kind, Lane.Bulk, default, CancellationToken.None);
        await using var far = await _receiver.Stream.WaitAsync(TestNode.Guard);
        var window = new MessengerOptions().StreamWindowBytes;
        await PendingReply.RequestAsync(nodes.Opener.PeerOf(nodes.Acceptor), TestNode.Echo, [1], Lane.Bulk);
        var write = BeginWrite(near, window + 10);
        Assert.False(write.IsCompleted);

        for (int left = window, count; left > 0; left -= count)
        {
            count = await far.ReadAsync(new byte[window], CancellationToken.None).AsTask().WaitAsync(TestNode.Guard);
        }

        await PendingReply.RequestAsync(nodes.Opener.PeerOf(nodes.Acceptor), TestNode.Echo, [1], Lane.Bulk);

        Assert.True(write.ContinuesAtOnce());
    }

    private static LateAwait BeginRead(PeerStream stream) => LateAwait.Begin(stream.ReadAsync(new byte[10], CancellationToken.None));

    private static LateAwait BeginWrite(PeerStream stream, int count) => LateAwait.Begin(stream.WriteAsync(new byte[count], CancellationToken.None));

    private static async Task<byte[]> ReadToEndAsync(PeerStream stream)
    {
        var bytes = new List<byte>();
        var buffer = new byte[50_000];
        for (var count = await stream.ReadAsync(buffer, CancellationToken.None); count > 0; count = await stream.ReadAsync(buffer, CancellationToken.None))
        {
            bytes.AddRange(buffer.AsSpan(0, count));
        }

        return [.. bytes];
    }

    private async Task<Pair> StartAsync() => new(
        await TestNode.StartAsync(_network.CreateProvider("opener"), 1),
        await TestNode.StartAsync(_network.CreateProvider("acceptor"), 2, register: messenger => messenger.HandleStreams(Kind, _receiver)));

    private sealed record Pair(TestNode Opener, TestNode Acceptor) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await Opener.DisposeAsync();
            await Acceptor.DisposeAsync();
        }
    }

    private sealed class Receiver : IStreamHandler
    {
        private readonly TaskCompletionSource<PeerStream> _stream = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<PeerStream> Stream => _stream.Task;

        public byte[] Header { get; private set; } = [];

        public void OnStream(Peer from, in IncomingMessage header, PeerStream stream)
        {
            Header = header.Payload.ToArray();
            _stream.TrySetResult(stream);
        }
    }
}
