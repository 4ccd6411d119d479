namespace Grid.Kernel.Membership;

/// <summary>
/// Full jitter: before attempt n a random delay between zero and min(max, base * 2^n). Spreads a cluster that lost its
/// registry at once; see "Exponential Backoff And Jitter", M. Brooker, AWS Architecture Blog, 2015.
/// </summary>
internal static class RejoinBackoff
{
    /// <summary>The delay before an attempt.</summary>
    /// <param name="options">The bounds.</param>
    /// <param name="attempt">0 for the first.</param>
    /// <param name="chance">A random number from 0 to below 1.</param>
    public static TimeSpan GetDelay(MembershipOptions options, int attempt, double chance)
    {
        var doublings = Math.Min(attempt, 30);
        var bound = Math.Min(options.RejoinDelayMax.Ticks, options.RejoinDelayBase.Ticks * Math.Pow(2, doublings));
        return TimeSpan.FromTicks((long)(bound * chance));
    }
}
