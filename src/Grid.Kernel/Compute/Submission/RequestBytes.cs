using System.Runtime.InteropServices;
using Grid.Kernel.Compute.Wire;
using Grid.Messaging;

namespace Grid.Kernel.Compute.Submission;

/// <summary>
/// The encoded request of one job, kept for further attempts. The job holds it; a send that is still under way when the
/// job ends holds it a little longer.
/// </summary>
internal sealed class RequestBytes(MessageBuffer buffer, JobHeader header)
{
    // The job, plus the sends under way. At 0 the buffer is back in the pool.
    private int _holders = 1;

    public long Number => header.Number;

    /// <summary>Sends an attempt.</summary>
    /// <returns>What the target returned, or 0 when the job has ended in the meantime.</returns>
    public long SendTo(JobTarget target, int attempt, long remainingMs, JobCall call)
    {
        if (!TryHold())
        {
            return 0;
        }

        try
        {
            // Only an attempt that is alone writes here: an earlier one that is still on its way out has failed, and its link with it.
            var bytes = MemoryMarshal.AsMemory(buffer.WrittenMemory).Span;
            (header with { Attempt = attempt, RemainingMs = remainingMs }).Write(bytes);
            return target.Request(buffer, call, call);
        }
        finally
        {
            Release();
        }
    }

    /// <summary>Sends an attempt beside the one that is under way, whose bytes may still be on their way out.</summary>
    /// <inheritdoc cref="SendTo"/>
    public long SendCopyTo(JobTarget target, int attempt, long remainingMs, JobCall call, IReplyHandler reply)
    {
        if (!TryHold())
        {
            return 0;
        }

        using var copy = new MessageBuffer(buffer.WrittenBytes);
        try
        {
            buffer.WrittenSpan.CopyTo(copy.GetSpan(buffer.WrittenBytes));
            (header with { Attempt = attempt, RemainingMs = remainingMs }).Write(copy.GetSpan(JobHeader.Size));
            copy.Advance(buffer.WrittenBytes);
        }
        finally
        {
            Release();
        }

        return target.Request(copy, call, reply);
    }

    /// <summary>The job has ended, or a send has.</summary>
    public void Release()
    {
        if (Interlocked.Decrement(ref _holders) == 0)
        {
            buffer.Dispose();
        }
    }

    private bool TryHold()
    {
        for (var holders = Volatile.Read(ref _holders); holders > 0; holders = Volatile.Read(ref _holders))
        {
            if (Interlocked.CompareExchange(ref _holders, holders + 1, holders) == holders)
            {
                return true;
            }
        }

        return false;
    }
}
