namespace Grid.ZooKeeper.Requests;

/// <summary>
/// Whether it is the thread pool's turn to send what has gathered, which it may miss: all its threads may be blocked. Then the writing thread does, which
/// looks in time for as long as turns follow one another. Pure; guarded by the lock of the <see cref="RequestQueue"/>.
/// </summary>
/// <param name="length">How long the pool has time, in the units of the times that are passed.</param>
internal sealed class PoolTurn(long length)
{
    /// <summary>After so many lengths without a turn the writing thread stops looking; the next turn has to wake it.</summary>
    private const int Looks = 25;

    private bool _isOn;
    private long _since;

    /// <summary>Whether the writing thread looks without being woken.</summary>
    public bool IsWatched { get; private set; }

    /// <summary>Whether the pool still has time.</summary>
    public bool IsOn(long now) => _isOn && now - _since < length;

    /// <returns>Whether a turn has begun; otherwise the one before has not ended.</returns>
    public bool TryBegin(long now)
    {
        if (_isOn)
        {
            return false;
        }

        (_isOn, _since) = (true, now);
        return true;
    }

    /// <returns>Whether there was one to end.</returns>
    public bool TryEnd()
    {
        var wasOn = _isOn;
        _isOn = false;
        return wasOn;
    }

    /// <summary>When the writing thread, which is about to sleep, has to wake.</summary>
    public long WakeAt(long until, long now)
    {
        IsWatched = _since > 0 && now - _since < length * Looks;
        return IsWatched ? Math.Min(until, now + length) : until;
    }
}
