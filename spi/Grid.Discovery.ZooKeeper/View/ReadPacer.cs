namespace Grid.Discovery.ZooKeeper.View;

/// <summary>
/// How long to wait before a change is read. Every member hears of a change in the same moment; the delay is drawn evenly from zero to a bound
/// (full jitter) that grows with the number of members, and is the greatest while members come or go in masses, so that one read covers many of them. Pure.
/// </summary>
internal sealed class ReadPacer(ZooKeeperDiscoveryOptions options)
{
    /// <summary>So many changes in one read are a mass start or stop, and more are to be expected.</summary>
    private const int MassChanges = 8;

    /// <summary>A list that is outdated when it arrives is thrown away at most so often in a row: the view must go on when the changes never cease.</summary>
    private const int PostponementsMax = 1;

    private int _members = 1;
    private int _postponements;
    private bool _isMass;

    /// <summary>The upper bound of the next delay.</summary>
    public TimeSpan DelayMax => _isMass
        ? options.ReadDelayMax
        : TimeSpan.FromTicks(Math.Clamp(options.ReadDelayPerMember.Ticks * _members, options.ReadDelayMin.Ticks, options.ReadDelayMax.Ticks));

    /// <summary>The next delay.</summary>
    /// <param name="random">Evenly drawn from 0 to 1.</param>
    public TimeSpan NextDelay(double random) => DelayMax * random;

    /// <summary>A list came.</summary>
    /// <param name="members">How many names it has.</param>
    /// <param name="missing">How many records would have to be read.</param>
    /// <param name="isOutdated">Whether a change was announced after it.</param>
    /// <returns>Whether to read the records now; otherwise list again after the next delay.</returns>
    public bool OnListed(int members, int missing, bool isOutdated)
    {
        _members = members;
        if (isOutdated && missing > 0 && _postponements < PostponementsMax)
        {
            _postponements++;
            _isMass = true;
            return false;
        }

        _postponements = 0;
        return true;
    }

    /// <summary>The records of a list were read.</summary>
    /// <param name="changes">How many came or went.</param>
    public void OnRead(int changes) => _isMass = changes >= MassChanges;
}
