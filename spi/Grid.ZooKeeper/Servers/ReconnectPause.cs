namespace Grid.ZooKeeper.Servers;

/// <summary>
/// Pauses between rounds through the servers: drawn evenly from zero to a limit that starts at 20 ms and doubles. A whole cluster loses its
/// connections at the same instant when a leader dies; without the draw it would come back at the same instants.
/// </summary>
internal sealed class ReconnectPause(Random random)
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(20);
    private TimeSpan _limit = First;

    /// <summary>The next pause.</summary>
    /// <param name="max">Its longest limit.</param>
    public TimeSpan Next(TimeSpan max)
    {
        var limit = _limit < max ? _limit : max;
        _limit = limit * 2 > First ? limit * 2 : First;
        return limit * random.NextDouble();
    }

    public void Reset() => _limit = First;
}
