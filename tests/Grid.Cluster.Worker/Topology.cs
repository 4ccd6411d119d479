using System.Globalization;

namespace Grid.Cluster.Worker;

/// <summary>Changes of the topology as facts.</summary>
internal static class Topology
{
    public static async Task WatchAsync(IGrid grid, Report report, CancellationToken ct)
    {
        var view = grid.Topology.Current;
        report.Say($"view {string.Join(',', view.Nodes.Select(node => node.Name))}");
        try
        {
            await foreach (var change in grid.Topology.ChangesAsync(view.Version, ct))
            {
                report.Say(string.Create(CultureInfo.InvariantCulture, $"change {change.Kind} {change.Node?.Name} {change.Node?.Incarnation}"));
            }
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // The end.
        }
    }
}
