namespace Grid.Discovery.ZooKeeper.View;

/// <summary>
/// How long to wait before a change is read. Every member hears of a change in the same moment; the delay is drawn evenly from zero to a bound
/// (full jitter) that grows with the number of members. While changes follow one another, as when a whole cluster starts, the bound quadruples from read to read and
/// is the greatest as soon as one read has brought many, so that one read covers what a hundred would. When reads take long, because the servers or this
/// machine have too much to do, the greatest delay becomes a multiple of what the last read took, so that readers never use more than a part of either.
/// When members only go, those that are left need not be spread over more than they are. Pure.
/// </summary>
internal sealed class ReadPacer(ZooKeeperDiscoveryOptions options)
{
    /// <summary>So many changes in one read are a mass start or stop, and more are to be expected.</summary>
    private const int MassChanges = 8;

    /// <summary>Changes follow one another when the next is heard within this part of the greatest delay after a read.</summary>
    private const int QuietFraction = 4;

    private const int Growth = 4;

    /// <summary>A list that is outdated when it arrives is thrown away at most so often in a row: the view must go on when the changes never cease.</summary>
    private const int PostponementsMax = 2;

    /// <summary>The greatest delay in reads: on average a node that always has something to read is idle half of the time.</summary>
    private const int DelayInReads = 2;

    /// <summary>A start that took this part of the greatest delay is one of many, which will take about as long again.</summary>
    private const int SlowStartFraction = 4;

    private const int FirstDelayInStarts = 2;

    /// <summary>However slow reads are, the greatest delay is at most so many times the configured one.</summary>
    private const int SlowFactorMax = 10;

    /// <summary>While members only go, the greatest delay is at most so many times that of a single change.</summary>
    private const int ShrinkingFactorMax = 10;

    private int _members = 1;
    private bool _isShrinking;
    private int _postponements;
    private bool _wasMass;
    private TimeSpan _last;
    private TimeSpan _taken;

    /// <summary>
    /// The delay before the first read: none, unless the start was slow, as it is when a whole cluster starts. Then what is listed at once would be old at once.
    /// </summary>
    /// <param name="taken">From connecting until the member was registered.</param>
    /// <param name="chance">Evenly from 0 to 1.</param>
    public TimeSpan FirstDelay(TimeSpan taken, double chance)
    {
        var bound = taken * FirstDelayInStarts < options.ReadDelayMax ? taken * FirstDelayInStarts : options.ReadDelayMax;
        return taken < options.ReadDelayMax / SlowStartFraction ? TimeSpan.Zero : UpperHalf(bound, chance);
    }

    /// <summary>The next delay: full jitter, but for a list that is put off, which would be old again soon.</summary>
    /// <param name="sinceRead">How long before the change the last read ended.</param>
    /// <param name="chance">Evenly from 0 to 1.</param>
    public TimeSpan NextDelay(TimeSpan sinceRead, double chance) => _postponements > 0 ? UpperHalf(NextDelayMax(sinceRead), chance) : NextDelayMax(sinceRead) * chance;

    /// <summary>The upper bound of the next delay.</summary>
    /// <param name="sinceRead">How long before the change the last read ended.</param>
    public TimeSpan NextDelayMax(TimeSpan sinceRead)
    {
        var calm = TimeSpan.FromTicks(Math.Max(options.ReadDelayPerMember.Ticks * _members, options.ReadDelayMin.Ticks));
        var greatest = GreatestDelay(_isShrinking ? calm * ShrinkingFactorMax : TimeSpan.MaxValue);
        var isBusy = _postponements > 0 || sinceRead < greatest / QuietFraction;
        var bound = (isBusy, _wasMass || _postponements > 0) switch
        {
            (true, true) => greatest,
            (true, false) => TimeSpan.FromTicks(Math.Max(calm.Ticks, _last.Ticks * Growth)),
            (false, _) => calm,
        };
        return _last = bound < greatest ? bound : greatest;
    }

    /// <summary>A list came.</summary>
    /// <param name="members">How many names it has.</param>
    /// <param name="missing">How many records would have to be read.</param>
    /// <param name="isOutdated">Whether a change was announced after it.</param>
    /// <returns>Whether to read the records now; otherwise list again after the next delay.</returns>
    public bool OnListed(int members, int missing, bool isOutdated)
    {
        _members = members;
        _isShrinking = missing == 0;
        if (isOutdated && missing > 0 && _postponements < PostponementsMax)
        {
            _postponements++;
            return false;
        }

        _postponements = 0;
        return true;
    }

    /// <summary>The records of a list were read.</summary>
    /// <param name="changes">How many came or went.</param>
    /// <param name="taken">From asking for the list until the records had come.</param>
    public void OnRead(int changes, TimeSpan taken)
    {
        _wasMass = changes >= MassChanges;
        _taken = taken;
    }

    private static TimeSpan UpperHalf(TimeSpan bound, double chance) => bound * ((1 + chance) / 2);

    private TimeSpan GreatestDelay(TimeSpan needed)
    {
        var usual = needed < options.ReadDelayMax ? needed : options.ReadDelayMax;
        var slow = _taken * DelayInReads;
        var limit = options.ReadDelayMax * SlowFactorMax;
        return slow <= usual ? usual : slow < limit ? slow : limit;
    }
}
