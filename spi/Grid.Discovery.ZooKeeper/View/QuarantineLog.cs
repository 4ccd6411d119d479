using Microsoft.Extensions.Logging;

namespace Grid.Discovery.ZooKeeper.View;

/// <summary>Reports each unusable child once, and at most so many of them: junk is not to fill the log.</summary>
internal sealed class QuarantineLog(ILogger logger, ZooKeeperDiscoveryMetrics metrics, string path)
{
    public const int ReportsMax = 256;

    private readonly HashSet<string> _reported = new(StringComparer.Ordinal);

    public void Report(IReadOnlyList<string> reasons)
    {
        metrics.CountQuarantined(reasons.Count);
        foreach (var reason in reasons)
        {
            if (_reported.Count >= ReportsMax || !_reported.Add(reason))
            {
                continue;
            }

            ZooKeeperDiscoveryLog.Quarantined(logger, path, reason);
            if (_reported.Count == ReportsMax)
            {
                ZooKeeperDiscoveryLog.QuarantineFull(logger, ReportsMax);
            }
        }
    }
}
