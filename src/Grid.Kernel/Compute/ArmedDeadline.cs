namespace Grid.Kernel.Compute;

/// <summary>A callback that waits for its time; see <see cref="DeadlineClock"/>.</summary>
internal sealed class ArmedDeadline(DeadlineClock clock, Action<object> callback, object state)
{
    private object? _state = state;

    /// <summary>Whether it has neither fired nor been cancelled.</summary>
    public bool IsArmed => Volatile.Read(ref _state) is not null;

    /// <summary>Takes it back. It may be firing at this moment on another thread.</summary>
    public void Cancel()
    {
        if (Interlocked.Exchange(ref _state, null) is not null)
        {
            clock.NoteCancelled();
        }
    }

    public void Fire()
    {
        if (Interlocked.Exchange(ref _state, null) is { } target)
        {
            callback(target);
        }
    }
}
