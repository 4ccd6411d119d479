using System.Buffers;
using System.IO.Pipelines;
using Grid.Spi;
using Xunit;
using static Grid.Testing.Communication.PipeBytes;

namespace Grid.Testing.Communication;

/// <summary>
/// What every communication provider must do. Derive a test class from it, return a new provider from <see cref="CreateProvider"/>, run it: each sentence
/// of the contract of <see cref="ICommunicationSpi"/> is a test.
/// </summary>
public abstract class CommunicationConformance
{
    /// <summary>Only guards against a hang: no test waits this long when it passes.</summary>
    internal static readonly TimeSpan Guard = TimeSpan.FromSeconds(30);

    /// <summary>Makes a provider that listens at a free address of its own when asked to; all providers of one test reach each other.</summary>
    protected abstract ICommunicationSpi CreateProvider();

    [Fact]
    public async Task A_listener_advertises_an_address_that_accepts_pipes()
    {
        await using var pair = await PipePair.ConnectAsync(CreateProvider);

        Assert.NotEqual(0, pair.Endpoint.Port);
        Assert.NotEmpty(pair.Near.RemoteEndpoint);
        Assert.NotEmpty(pair.Far.RemoteEndpoint);
    }

    [Fact]
    public async Task Bytes_arrive_unchanged_and_in_order_in_both_directions_at_once()
    {
        await using var pair = await PipePair.ConnectAsync(CreateProvider);

        var there = TransferAsync(pair.Near.Output, pair.Far.Input, seed: 1);
        var back = TransferAsync(pair.Far.Output, pair.Near.Input, seed: 2);

        await Task.WhenAll(there, back).WaitAsync(Guard);
    }

    [Fact]
    public async Task Memory_that_is_written_directly_arrives_behind_what_was_buffered()
    {
        await using var pair = await PipePair.ConnectAsync(CreateProvider);

        pair.Near.Output.Write<byte>([1, 2, 3]);
        await pair.Near.Output.WriteAsync(new byte[] { 4, 5 });

        Assert.Equal([1, 2, 3, 4, 5], await ReadExactlyAsync(pair.Far.Input, 5));
    }

    [Fact]
    public async Task A_writer_waits_for_a_reader_that_does_not_read()
    {
        await using var pair = await PipePair.ConnectAsync(CreateProvider);
        var block = new byte[64 * 1024];
        var written = 0L;
        var flush = ValueTask.FromResult(default(FlushResult));
        while (flush.IsCompletedSuccessfully)
        {
            await flush;
            written += block.Length;
            Assert.True(written < 1L << 30, "1 GiB was taken although nobody reads: the provider buffers without a bound.");
            flush = pair.Near.Output.WriteAsync(block);
        }

        var pending = flush.AsTask();
        await DrainAsync(pair.Far.Input, written).WaitAsync(Guard);
        await pending.WaitAsync(Guard);
    }

    [Fact]
    public async Task A_completed_writer_ends_the_peers_reads_after_its_last_byte()
    {
        await using var pair = await PipePair.ConnectAsync(CreateProvider);

        await pair.Near.Output.WriteAsync(new byte[] { 7, 8 });
        await pair.Near.Output.CompleteAsync();

        var (bytes, _) = await ReadToEndAsync(pair.Far.Input).WaitAsync(Guard);
        Assert.Equal([7, 8], bytes);
    }

    [Fact]
    public async Task The_other_direction_goes_on_when_one_writer_has_completed()
    {
        await using var pair = await PipePair.ConnectAsync(CreateProvider);
        await pair.Near.Output.CompleteAsync();
        await ReadToEndAsync(pair.Far.Input).WaitAsync(Guard);

        await pair.Far.Output.WriteAsync(new byte[] { 9 });

        Assert.Equal([9], await ReadExactlyAsync(pair.Near.Input, 1));
    }

    [Fact]
    public async Task Abort_fails_the_pending_read_of_this_end()
    {
        await using var pair = await PipePair.ConnectAsync(CreateProvider);
        var pending = pair.Near.Input.ReadAsync().AsTask();

        pair.Near.Abort();

        await Assert.ThrowsAsync<CommunicationException>(() => pending.WaitAsync(Guard));
    }

    [Fact]
    public async Task Abort_fails_later_reads_and_flushes_of_this_end_and_may_be_repeated()
    {
        await using var pair = await PipePair.ConnectAsync(CreateProvider);

        pair.Near.Abort();
        pair.Near.Abort();

        await Assert.ThrowsAsync<CommunicationException>(async () => await pair.Near.Input.ReadAsync());
        await Assert.ThrowsAsync<CommunicationException>(async () => await pair.Near.Output.WriteAsync(new byte[] { 1 }));
    }

    [Fact]
    public async Task Abort_fails_a_pending_flush()
    {
        await using var pair = await PipePair.ConnectAsync(CreateProvider);
        var pending = FillAsync(pair.Near.Output);

        pair.Near.Abort();

        await Assert.ThrowsAsync<CommunicationException>(() => pending.WaitAsync(Guard));
    }

    [Fact]
    public async Task The_peer_of_an_aborted_pipe_notices()
    {
        await using var pair = await PipePair.ConnectAsync(CreateProvider);

        pair.Near.Abort();

        var (bytes, _) = await ReadToEndAsync(pair.Far.Input).WaitAsync(Guard);
        Assert.Empty(bytes);
    }

    [Fact]
    public async Task Disposing_a_provider_breaks_its_pipes()
    {
        await using var pair = await PipePair.ConnectAsync(CreateProvider);
        var pending = pair.Near.Input.ReadAsync().AsTask();

        await pair.Dialer.DisposeAsync();
        await pair.Dialer.DisposeAsync();

        await Assert.ThrowsAsync<CommunicationException>(() => pending.WaitAsync(Guard));
        await ReadToEndAsync(pair.Far.Input).WaitAsync(Guard);
    }

    [Fact]
    public async Task A_pending_accept_ends_with_nothing_when_the_provider_is_disposed()
    {
        var listener = CreateProvider();
        await listener.ListenAsync(CancellationToken.None);
        var pending = listener.AcceptAsync(CancellationToken.None).AsTask();

        await listener.DisposeAsync();

        Assert.Null(await pending.WaitAsync(Guard));
        Assert.Null(await listener.AcceptAsync(CancellationToken.None));
    }

    [Fact]
    public async Task A_cancelled_accept_loses_no_pipe()
    {
        await using var listener = CreateProvider();
        var endpoint = (await listener.ListenAsync(CancellationToken.None))[0];
        using var cancellation = new CancellationTokenSource();
        var cancelled = listener.AcceptAsync(cancellation.Token).AsTask();

        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled.WaitAsync(Guard));
        await using var dialer = CreateProvider();
        var connect = dialer.ConnectAsync(endpoint, CancellationToken.None).AsTask();
        Assert.NotNull(await listener.AcceptAsync(CancellationToken.None).AsTask().WaitAsync(Guard));
        await connect.WaitAsync(Guard);
    }

    [Fact]
    public async Task Connecting_where_nobody_listens_fails_and_may_be_repeated()
    {
        var gone = CreateProvider();
        var endpoint = (await gone.ListenAsync(CancellationToken.None))[0];
        await gone.DisposeAsync();
        await using var dialer = CreateProvider();

        for (var attempt = 0; attempt < 2; attempt++)
        {
            var error = await Assert.ThrowsAsync<CommunicationException>(() => dialer.ConnectAsync(endpoint, CancellationToken.None).AsTask().WaitAsync(Guard));
            Assert.Contains(endpoint.ToString(), error.Message, StringComparison.Ordinal);
            Assert.True(error.IsTransient);
        }
    }

    [Fact]
    public async Task A_connect_with_a_cancelled_token_is_cancelled()
    {
        await using var provider = CreateProvider();
        var endpoint = (await provider.ListenAsync(CancellationToken.None))[0];

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await provider.ConnectAsync(endpoint, new CancellationToken(canceled: true)));
    }

    [Fact]
    public async Task A_cancelled_read_leaves_the_pipe_usable()
    {
        await using var pair = await PipePair.ConnectAsync(CreateProvider);
        using var cancellation = new CancellationTokenSource();
        var pending = pair.Near.Input.ReadAsync(cancellation.Token).AsTask();

        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => pending.WaitAsync(Guard));
        await pair.Far.Output.WriteAsync(new byte[] { 5 });
        Assert.Equal([5], await ReadExactlyAsync(pair.Near.Input, 1));
    }

    [Fact]
    public async Task A_read_that_is_cancelled_by_the_reader_says_so()
    {
        await using var pair = await PipePair.ConnectAsync(CreateProvider);
        var pending = pair.Near.Input.ReadAsync().AsTask();

        pair.Near.Input.CancelPendingRead();

        var result = await pending.WaitAsync(Guard);
        Assert.True(result.IsCanceled);
        pair.Near.Input.AdvanceTo(result.Buffer.Start);
        await pair.Far.Output.WriteAsync(new byte[] { 6 });
        Assert.Equal([6], await ReadExactlyAsync(pair.Near.Input, 1));
    }

    [Fact]
    public async Task Unconsumed_bytes_come_again_and_examined_ones_only_with_more()
    {
        await using var pair = await PipePair.ConnectAsync(CreateProvider);
        await pair.Far.Output.WriteAsync(new byte[] { 1, 2 });
        var first = await pair.Near.Input.ReadAtLeastAsync(2).AsTask().WaitAsync(Guard);
        pair.Near.Input.AdvanceTo(first.Buffer.GetPosition(1));

        var second = await pair.Near.Input.ReadAsync().AsTask().WaitAsync(Guard);
        Assert.Equal([2], second.Buffer.ToArray());
        pair.Near.Input.AdvanceTo(second.Buffer.Start, second.Buffer.End);

        var third = pair.Near.Input.ReadAsync().AsTask();
        Assert.False(third.IsCompleted);
        await pair.Far.Output.WriteAsync(new byte[] { 3 });
        Assert.Equal([2, 3], (await third.WaitAsync(Guard)).Buffer.ToArray());
    }

    [Fact]
    public async Task What_awaits_a_pipe_runs_on_a_thread_of_the_providers_own()
    {
        await using var pair = await PipePair.ConnectAsync(CreateProvider);
        var caller = Thread.CurrentThread;
        var read = AwaitAsync(pair.Near.Input.ReadAsync());
        await pair.Far.Output.WriteAsync(new byte[] { 1 });
        AssertIsOwn(caller, await read.WaitAsync(Guard), "read");

        caller = Thread.CurrentThread;
        var flush = FillAsync(pair.Near.Output);
        var drain = ReadToEndAsync(pair.Far.Input);
        AssertIsOwn(caller, await flush.WaitAsync(Guard), "flush");
        pair.Near.Abort();
        await drain.WaitAsync(Guard);
    }

    [Fact]
    public async Task What_awaits_an_accept_or_a_connect_runs_on_a_thread_of_the_providers_own()
    {
        await using var listener = CreateProvider();
        await using var dialer = CreateProvider();
        var endpoint = (await listener.ListenAsync(CancellationToken.None))[0];
        var caller = Thread.CurrentThread;

        var accepted = AwaitAsync(listener.AcceptAsync(CancellationToken.None));
        var connected = AwaitAsync(dialer.ConnectAsync(endpoint, CancellationToken.None));

        AssertIsOwn(caller, await connected.WaitAsync(Guard), "connect");
        AssertIsOwn(caller, await accepted.WaitAsync(Guard), "accept");
    }

    [Fact]
    public async Task Many_pipes_at_once_do_not_mix_their_bytes()
    {
        await using var listener = CreateProvider();
        await using var dialer = CreateProvider();
        var endpoint = (await listener.ListenAsync(CancellationToken.None))[0];
        var echo = EchoAsync(listener, count: 30);

        var calls = Enumerable.Range(0, 30).Select(async number =>
        {
            await using var pipe = await dialer.ConnectAsync(endpoint, CancellationToken.None);
            await pipe.Output.WriteAsync(new[] { (byte)number });
            Assert.Equal([(byte)number], await ReadExactlyAsync(pipe.Input, 1));
        });

        await Task.WhenAll(calls).WaitAsync(Guard);
        await echo.WaitAsync(Guard);
    }

    private static async Task EchoAsync(ICommunicationSpi listener, int count)
    {
        for (var accepted = 0; accepted < count; accepted++)
        {
            var pipe = await listener.AcceptAsync(CancellationToken.None);
            var bytes = await ReadExactlyAsync(pipe!.Input, 1);
            await pipe.Output.WriteAsync(bytes);
        }
    }

    private static async Task<Thread> AwaitAsync<T>(ValueTask<T> operation)
    {
        await operation.ConfigureAwait(false);
        return Thread.CurrentThread;
    }

    // What completed before it was awaited went on on the thread of the caller, which may belong to the pool.
    private static void AssertIsOwn(Thread caller, Thread after, string what) =>
        Assert.True(after == caller || !after.IsThreadPoolThread, $"The continuation of a pending {what} ran on the shared thread pool.");
}
