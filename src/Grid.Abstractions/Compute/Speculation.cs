namespace Grid;

/// <summary>
/// When a job that runs much longer than its siblings gets a second attempt on another node. The first result wins, and the other attempt is cancelled. Immutable.
/// </summary>
/// <remarks>
/// Backup tasks after J. Dean and S. Ghemawat, "MapReduce", 2004, with a bound on their number and the longest-running first after M. Zaharia et al., "Improving MapReduce Performance in
/// Heterogeneous Environments", 2008. It helps when nodes are slow, not when jobs are long: a long job is long elsewhere, too, and costs twice.
/// </remarks>
public sealed record Speculation
{
    private readonly double _factor = 2;
    private readonly int _finishedMin = 5;
    private readonly double _extraShare = 0.1;
    private readonly TimeSpan _timeMin = TimeSpan.FromMilliseconds(50);

    /// <summary>The defaults.</summary>
    public static Speculation Default { get; } = new();

    /// <summary>
    /// A job is a straggler when its attempt is out for this many times the median of the call's finished jobs: 1.1 to 100, default 2. Lower finds slow nodes
    /// sooner and wastes more work.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Outside the range.</exception>
    public double Factor
    {
        get => _factor;
        init => _factor = value is >= 1.1 and <= 100 ? value : throw new ArgumentOutOfRangeException(nameof(Factor), value, "Accepted: 1.1 to 100.");
    }

    /// <summary>How many jobs of the call must have finished before their median means something: 1 to 1,000, default 5.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Outside the range.</exception>
    public int FinishedMin
    {
        get => _finishedMin;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1, nameof(FinishedMin));
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, 1000, nameof(FinishedMin));
            _finishedMin = value;
        }
    }

    /// <summary>
    /// How long a job is out at least before it is a straggler, however short its siblings are: 0 to 1 hour, default 50 ms. Short jobs differ by chance by more than <see cref="Factor"/>, and a second attempt of each that does
    /// would help nobody.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Outside the range.</exception>
    public TimeSpan TimeMin
    {
        get => _timeMin;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, TimeSpan.Zero, nameof(TimeMin));
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, TimeSpan.FromHours(1), nameof(TimeMin));
            _timeMin = value;
        }
    }

    /// <summary>
    /// How many second attempts a call may make, as a share of the jobs it has started: above 0 to 1, default 0.1; one is always allowed. A share below that of the jobs which slow nodes
    /// take leaves some stragglers alone.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Outside the range.</exception>
    public double ExtraShare
    {
        get => _extraShare;
        init => _extraShare = value is > 0 and <= 1 ? value : throw new ArgumentOutOfRangeException(nameof(ExtraShare), value, "Accepted: above 0 to 1.");
    }
}
