using System.Net;

namespace Grid.Discovery.Gossip.Net;

/// <summary>Repeats an attempt to find a cluster with full jitter until the time for the start is over. Blocks; runs on the thread for exchanges.</summary>
internal sealed class ClusterSearch(GossipDiscoveryOptions options, TimeProvider time, Random random)
{
    private static readonly TimeSpan DelayFirst = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan DelayMax = TimeSpan.FromSeconds(2);

    /// <exception cref="DiscoveryException">No seed is in a cluster.</exception>
    public IPEndPoint Run(Func<IPEndPoint?> attempt, CancellationToken ct)
    {
        var startedAt = time.GetTimestamp();
        for (var delay = DelayFirst; ; delay = delay * 2 < DelayMax ? delay * 2 : DelayMax)
        {
            ct.ThrowIfCancellationRequested();
            if (attempt() is { } found)
            {
                return found;
            }

            if (time.GetElapsedTime(startedAt) > options.StartTimeout)
            {
                string[] seeds = [.. options.Seeds, .. options.SeedSource?.Current.Select(seed => seed.ToString()) ?? []];
                throw new DiscoveryException(
                    $"No seed of cluster {options.Cluster} ({(seeds.Length == 0 ? "none is known" : string.Join(", ", seeds))}) is in it yet; asked for {options.StartTimeout}. Start the first seed, "
                    + "and check that all have the same seeds, cluster name and secret.");
            }

            ct.WaitHandle.WaitOne(delay * random.NextDouble());
        }
    }
}
