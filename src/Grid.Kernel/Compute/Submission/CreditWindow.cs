namespace Grid.Kernel.Compute.Submission;

/// <summary>How many attempts a submitter has at one node at most, so that what is not needed there yet can still go elsewhere.</summary>
/// <remarks>
/// <para>The window is the greater of <c>slots + slots / 4 + 1</c>, which keeps every slot busy while the next job is on its way, and of what the node has ended within the last period. Jobs shorter than the
/// period therefore raise it, from round trip to round trip, until a node has about one period of work (by Little's law, arrival rate times time), which keeps links and lanes as full as they
/// can use; of longer jobs a node gets little more than it can run, and a fast node comes back for more while a slow one is still busy. Of jobs that run for more than half of <see cref="PeriodsKept"/>
/// periods it gets what it can run and nothing to wait there: a slot is idle for a round trip then, less than a hundredth of the time in one network, and the last jobs of a burst do not wait for a slow node twice.</para>
/// <para>The period must be longer than a round trip, or the window does not grow: over links of <c>L</c> ms, jobs shorter than the period less <c>L</c> saturate a node; longer ones keep
/// <c>1.25 * run / (run + L)</c> of its slots busy. What was learned from short jobs fades when they stop, and is gone after <see cref="PeriodsKept"/> periods: until then it may be this process that was not running.</para>
/// <para>It is asked on the path of every job: no lock, no allocation, and no clock of its own. Threads that ask at once may exceed it by one job each.</para>
/// </remarks>
internal sealed class CreditWindow
{
    /// <summary>How long a mean of what ended is believed, in periods.</summary>
    private const int PeriodsKept = 10;

    private const int Unknown = -1;

    // Moved on by whichever thread finds the period over; who reads a mixture of two periods gets the window of one of them.
    private long _periodStart = long.MinValue / 2;
    private int _endedAtStart;
    private int _endedBefore;
    private long _longStart = long.MinValue / 2;
    private int _endedAtLongStart;
    private int _endedInLong = Unknown;

    /// <summary>The window of a node of which nothing is known.</summary>
    public static int Least(int slots) => slots + (slots / 4) + 1;

    /// <summary>Whether one more attempt may be sent.</summary>
    /// <param name="slots">The node's.</param>
    /// <param name="inFlight">How many attempts are there.</param>
    /// <param name="ended">How many have ended so far; wraps around.</param>
    /// <param name="now">A timestamp.</param>
    /// <param name="period">How long the period is, in timestamps.</param>
    public bool HasRoom(int slots, int inFlight, int ended, long now, long period)
    {
        if (inFlight < slots)
        {
            return true;
        }

        MoveOn(ended, now, period);
        var least = _endedInLong == Unknown || _endedInLong > 2 * slots ? Least(slots) : slots;
        return inFlight < Math.Max(least, Math.Max(unchecked(ended - _endedAtStart), _endedBefore));
    }

    private void MoveOn(int ended, long now, long period)
    {
        var start = Volatile.Read(ref _periodStart);
        if (now - start >= period && Interlocked.CompareExchange(ref _periodStart, now, start) == start)
        {
            _endedBefore = now - start < PeriodsKept * period ? (int)((long)unchecked(ended - _endedAtStart) * period / (now - start)) : 0;
            _endedAtStart = ended;
        }

        var longPeriod = PeriodsKept * period;
        start = Volatile.Read(ref _longStart);
        if (now - start >= longPeriod && Interlocked.CompareExchange(ref _longStart, now, start) == start)
        {
            // After a rest nothing is known: the node had nothing to end.
            _endedInLong = now - start < 2 * longPeriod ? (int)((long)unchecked(ended - _endedAtLongStart) * longPeriod / (now - start)) : Unknown;
            _endedAtLongStart = ended;
        }
    }
}
