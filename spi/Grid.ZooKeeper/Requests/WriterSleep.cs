namespace Grid.ZooKeeper.Requests;

/// <summary>Whether the writing thread waits, and for what it wakes by itself: nobody wakes it for that. Guarded by the lock of the <see cref="RequestQueue"/>.</summary>
internal sealed class WriterSleep
{
    private bool _isAwake = true;
    private bool _isTimeWatched;

    /// <param name="isOnlyForTime">Whether there is only something to await; a writer that sleeps with the time watched need not be woken for that.</param>
    /// <returns>Whether it has to be woken now, by whoever asks.</returns>
    public bool TryWake(bool isOnlyForTime)
    {
        var mustWake = !_isAwake && !(isOnlyForTime && _isTimeWatched);
        _isAwake |= mustWake;
        return mustWake;
    }

    /// <returns>Whether it may wait; otherwise something has come in between.</returns>
    public bool TryBegin(bool hasWork, bool isTimeWatched)
    {
        (_isAwake, _isTimeWatched) = (hasWork, isTimeWatched);
        return !hasWork;
    }

    public void End() => _isAwake = true;
}
