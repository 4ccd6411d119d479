using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.CompilerServices;
using Grid.Messaging;

namespace Grid.Kernel.Compute.Submission;

/// <summary>
/// Reads results on threads of its own: not on the link's, which must not wait for code of the user's, and not on the shared pool, which may be
/// blocked. Its queue is bounded by what callers have in flight.
/// </summary>
internal sealed class ReplyDecoder : IDisposable
{
    private readonly BlockingCollection<(JobCall Call, MessageBuffer Reply)> _queue = [];
    private readonly Thread[] _threads;

    public ReplyDecoder(int threads)
    {
        _threads = [.. Enumerable.Range(1, threads).Select(number => new Thread(Loop)
        {
            IsBackground = true,
            Name = string.Create(CultureInfo.InvariantCulture, $"grid reply decoder {number}"),
        })];
        Array.ForEach(_threads, thread => thread.UnsafeStart());
    }

    public void Post(JobCall call, MessageBuffer reply)
    {
        try
        {
            _queue.Add((call, reply));
        }
        catch (InvalidOperationException)
        {
            // Disposed: the grid is gone and so is the caller's interest.
            reply.Dispose();
            call.GiveUp(new CancellationToken(true));
        }
    }

    public void Dispose() => _queue.CompleteAdding();

    private void Loop()
    {
        while (TakeNext())
        {
        }
    }

    // A frame of its own: a thread that waits must not keep the last job, and with it a load context.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool TakeNext()
    {
        if (!_queue.TryTake(out var next, Timeout.Infinite))
        {
            return false;
        }

        using (next.Reply)
        {
            next.Call.TakeReply(next.Reply.WrittenSpan);
        }

        return true;
    }
}
