namespace Grid.Discovery.ZooKeeper.View;

/// <summary>
/// How long to wait before a change is read. Every member hears of a change in the same moment; the delay is drawn evenly from zero to a bound
/// (full jitter) that grows with the number of members. While changes follow one another, as when a whole cluster starts, the bound quadruples from read to read and
/// is the greatest as soon as one read has brought many, so that one read covers what a hundred would. What has gone on for long is expected to go on for as long again: the
/// bound is then how long many have been changing, so that a start of any length costs a member the logarithm of it in reads. When reads take long, because the servers or this
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

    /// <summary>However long a start took, the first read is at most so many times the greatest delay later.</summary>
    private const int FirstFactorMax = 5;

    /// <summary>However slow reads are, the greatest delay is at most so many times the configured one.</summary>
    private const int SlowFactorMax = 10;

    /// <summary>While members only go, the greatest delay is at most so many times that of a single change.</summary>
    private const int ShrinkingFactorMax = 10;

    private int _members = 1;
    private bool _isShrinking;
    private int _postponements;
    private bool _wasMass;

    // Since when many have been coming; null while it is calm. Times are those since the session began.
    private TimeSpan? _massSince;
    private TimeSpan _last;
    private TimeSpan _taken;

    /// <summary>
    /// The delay before the first read: none, unless the start was slow, as it is when a whole cluster starts. Then what is listed at once would be old at once.
    /// </summary>
    /// <param name="taken">From connecting until the member was registered.</param>
    /// <param name="chance">Evenly from 0 to 1.</param>
    public TimeSpan FirstDelay(TimeSpan taken, double chance)
    {
        if (taken < options.ReadDelayMax / SlowStartFraction)
        {
            return TimeSpan.Zero;
        }

        _massSince = TimeSpan.Zero;
        return UpperHalf(Least(taken * FirstDelayInStarts, options.ReadDelayMax * FirstFactorMax), chance);
    }

    /// <summary>The next delay: full jitter, but while many come, when what is read early is old again soon.</summary>
    /// <param name="now">When the change was heard.</param>
    /// <param name="sinceRead">How long before that the last read ended.</param>
    /// <param name="chance">Evenly from 0 to 1.</param>
    public TimeSpan NextDelay(TimeSpan now, TimeSpan sinceRead, double chance)
    {
        var bound = NextDelayMax(now, sinceRead);
        return _massSince is null ? bound * chance : UpperHalf(bound, chance);
    }

    /// <summary>The upper bound of the next delay.</summary>
    /// <inheritdoc cref="NextDelay"/>
    public TimeSpan NextDelayMax(TimeSpan now, TimeSpan sinceRead)
    {
        var calm = TimeSpan.FromTicks(Math.Max(options.ReadDelayPerMember.Ticks * _members, options.ReadDelayMin.Ticks));
        var greatest = GreatestDelay(now, _isShrinking ? calm * ShrinkingFactorMax : TimeSpan.MaxValue);
        var isBusy = _postponements > 0 || sinceRead < greatest / QuietFraction;
        if (!isBusy || _isShrinking)
        {
            _massSince = null;
        }

        var bound = (isBusy, _wasMass || _postponements > 0) switch
        {
            (true, true) => greatest,
            (true, false) => TimeSpan.FromTicks(Math.Max(calm.Ticks, _last.Ticks * Growth)),
            (false, _) => calm,
        };
        return _last = Least(bound, greatest);
    }

    /// <summary>A list came.</summary>
    /// <param name="now">When it was asked for.</param>
    /// <param name="list">What it has.</param>
    /// <param name="isOutdated">Whether a change was announced after it.</param>
    /// <returns>Whether to read the records now; otherwise list again after the next delay.</returns>
    public bool OnListed(TimeSpan now, (int Members, int Missing) list, bool isOutdated)
    {
        _members = list.Members;
        _isShrinking = list.Missing == 0;
        if (isOutdated && list.Missing > 0 && _postponements < PostponementsMax)
        {
            _postponements++;
            _massSince ??= now;
            return false;
        }

        _postponements = 0;
        return true;
    }

    /// <summary>The records of a list were read.</summary>
    /// <param name="now">When the list was asked for.</param>
    /// <param name="changes">How many came or went.</param>
    /// <param name="taken">From asking for the list until the records had come.</param>
    public void OnRead(TimeSpan now, int changes, TimeSpan taken)
    {
        _wasMass = changes >= MassChanges;
        _massSince = _wasMass ? _massSince ?? now : null;
        _taken = taken;
    }

    private static TimeSpan Least(TimeSpan one, TimeSpan other) => one < other ? one : other;

    private static TimeSpan UpperHalf(TimeSpan bound, double chance) => bound * ((1 + chance) / 2);

    private TimeSpan GreatestDelay(TimeSpan now, TimeSpan needed)
    {
        var slow = _taken * DelayInReads;
        var lasting = _massSince is { } since && !_isShrinking ? now - since : TimeSpan.Zero;
        var wanted = slow > lasting ? slow : lasting;
        var usual = Least(needed, options.ReadDelayMax);
        return wanted <= usual ? usual : Least(wanted, options.ReadDelayMax * SlowFactorMax);
    }
}
