using System.Diagnostics.Metrics;

namespace Grid.Kernel.Health;

/// <summary>Publishes how many members are in which condition.</summary>
internal sealed class HealthMetrics : IDisposable
{
    private readonly Meter? _meter;

    /// <param name="meters">Where to, or null for nowhere.</param>
    /// <param name="view">How the members stand.</param>
    public HealthMetrics(IMeterFactory? meters, Func<HealthView> view)
    {
        _meter = meters?.Create("Grid.Health");
        _meter?.CreateObservableUpDownCounter("grid.health.members", () => Enum.GetValues<NodeCondition>().Select(condition => new Measurement<int>(
            view().All.Count(node => node.Condition == condition), new KeyValuePair<string, object?>("condition", condition.ToString()))), "{node}", "Members by their condition as seen from this node.");
    }

    public void Dispose() => _meter?.Dispose();
}
