using System.Numerics;

namespace Grid.Kernel.Gossip;

/// <summary>
/// From when on figures are stale, and from when on they are unknown. News reaches everybody within about log2 n + 4 periods (A. Demers et al., "Epidemic
/// Algorithms for Replicated Database Maintenance", 1987); three more periods may be missed before a node counts as silent.
/// </summary>
internal static class MetricsAging
{
    private const int SpreadPeriods = 4;
    private const int MissedPeriodsMax = 3;
    private const int UnknownFactor = 3;

    /// <summary>Figures older than this are stale.</summary>
    /// <param name="period">The period of the exchange.</param>
    /// <param name="members">How many nodes there are.</param>
    public static TimeSpan StaleAfter(TimeSpan period, int members) =>
        period * (BitOperations.Log2((uint)Math.Max(1, members) * 2 - 1) + SpreadPeriods + MissedPeriodsMax);

    /// <summary>Figures older than this are forgotten.</summary>
    /// <inheritdoc cref="StaleAfter"/>
    public static TimeSpan UnknownAfter(TimeSpan period, int members) => StaleAfter(period, members) * UnknownFactor;
}
