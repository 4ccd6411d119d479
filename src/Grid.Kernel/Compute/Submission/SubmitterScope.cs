using Grid.Kernel.Compute.Execution;

namespace Grid.Kernel.Compute.Submission;

/// <summary>
/// On whose behalf jobs are submitted: the process itself, or a job that runs here and submits nested work. It bounds what is in flight. Each job has a bound of its
/// own, because a bound shared by nested work of several depths could be used up by parents that wait for their children.
/// </summary>
/// <remarks>
/// A counter before a semaphore (a "benaphore"): as long as there is room, entering and leaving are one atomic step each. Below zero the counter says how
/// many wait; whoever leaves then grants one permit of the semaphore.
/// </remarks>
internal sealed class SubmitterScope(int inFlightMax, JobRun? parent = null) : IDisposable
{
    private readonly SemaphoreSlim _granted = new(0);
    private int _room = inFlightMax;

    /// <summary>The job that submits, or null.</summary>
    public JobRun? Parent { get; } = parent;

    /// <summary>Takes room for one more job if there is some.</summary>
    public bool TryEnter()
    {
        for (var room = Volatile.Read(ref _room); room > 0; room = Volatile.Read(ref _room))
        {
            if (Interlocked.CompareExchange(ref _room, room - 1, room) == room)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Waits for room.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled first; no room is taken.</exception>
    public async Task EnterAsync(CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        if (Interlocked.Decrement(ref _room) >= 0)
        {
            return;
        }

        try
        {
            await _granted.WaitAsync(ct).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            await StopWaitingAsync().ConfigureAwait(false);
            throw;
        }
    }

    public void Leave()
    {
        if (Interlocked.Increment(ref _room) <= 0)
        {
            _granted.Release();
        }
    }

    public void Dispose() => _granted.Dispose();

    private async Task StopWaitingAsync()
    {
        for (var room = Volatile.Read(ref _room); room < 0; room = Volatile.Read(ref _room))
        {
            if (Interlocked.CompareExchange(ref _room, room + 1, room) == room)
            {
                return;
            }
        }

        // All who wait have been granted a permit, this one too: it is there or about to be. It goes back.
        await _granted.WaitAsync(CancellationToken.None).ConfigureAwait(false);
        Leave();
    }
}
