using System.Buffers;
using System.IO.Pipelines;

namespace Grid.Testing.Network;

/// <summary>
/// One direction of a connection: what the sender flushed travels as a batch to the receiver's buffer, in order, and the sender's window is freed when the
/// receiver has taken it. The loop runs on the network's thread.
/// </summary>
[System.Diagnostics.CodeAnalysis.SuppressMessage("Design", "CA1001", Justification = "The source of cancellation has no timer and links to nothing: it holds nothing to release.")]
internal sealed class InMemoryDirection
{
    private readonly InMemoryNetwork _network;
    private readonly string _from;
    private readonly string _to;
    private readonly Action<string> _break;
    private readonly Pipe _sent;
    private readonly Pipe _received;
    private readonly CancellationTokenSource _failed = new();
    private Exception? _error;

    public InMemoryDirection(InMemoryNetwork network, string from, string to, Action<string> @break)
    {
        _network = network;
        _from = from;
        _to = to;
        _break = @break;
        var options = new PipeOptions(
            readerScheduler: network.Thread, writerScheduler: network.Thread, pauseWriterThreshold: network.WindowBytes, resumeWriterThreshold: network.WindowBytes / 2, useSynchronizationContext: false);
        _sent = new Pipe(options);
        _received = new Pipe(options);
    }

    public PipeReader Reader => _received.Reader;

    public PipeWriter Writer => _sent.Writer;

    /// <summary>The loop; observed by nobody because it ends every failure in the pipes.</summary>
    public Task Completion { get; private set; } = Task.CompletedTask;

    public void Start() => Completion = RunAsync();

    /// <summary>Ends the direction with an error at both ends.</summary>
    public void Fail(Exception error)
    {
        if (Interlocked.CompareExchange(ref _error, error, null) is null)
        {
            // On the network's thread, because the pipes permit one writer and one reader at a time, and the loop is both.
            _network.Thread.Post(TimeSpan.Zero, _failed.Cancel);
        }
    }

    private async Task RunAsync()
    {
        try
        {
            while (await CarryAsync())
            {
            }

            await _received.Writer.CompleteAsync();
            await _sent.Reader.CompleteAsync();
        }
        catch (Exception error) when (error is OperationCanceledException or CommunicationException)
        {
            var why = _error ?? error;
            await _received.Writer.CompleteAsync(why);
            await _sent.Reader.CompleteAsync(why);
        }
    }

    // False when the sender has completed and all of its bytes have been delivered.
    private async ValueTask<bool> CarryAsync()
    {
        var batch = await _sent.Reader.ReadAsync(_failed.Token);
        await TravelAsync();
        if (!batch.Buffer.IsEmpty && _network.DrawsBreak())
        {
            _break("The in-memory network has lost bytes of this connection, which breaks it.");
            _failed.Token.ThrowIfCancellationRequested();
        }

        foreach (var segment in batch.Buffer)
        {
            _received.Writer.Write(segment.Span);
        }

        _sent.Reader.AdvanceTo(batch.Buffer.End);
        var flush = await _received.Writer.FlushAsync(_failed.Token);
        if (flush.IsCompleted && !batch.IsCompleted)
        {
            throw new CommunicationException($"{_to} has closed its end of the in-memory connection.") { MayHaveBeenDelivered = true };
        }

        return !batch.IsCompleted;
    }

    // Completed on the network's thread, where the loop then goes on.
    private async Task TravelAsync()
    {
        var arrived = new TaskCompletionSource();
        await using (_failed.Token.UnsafeRegister(static (state, token) => ((TaskCompletionSource)state!).TrySetCanceled(token), arrived))
        {
            _network.Travel(_from, _to, () => arrived.TrySetResult());
            await arrived.Task;
        }
    }
}
