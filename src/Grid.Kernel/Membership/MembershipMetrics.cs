using System.Diagnostics.Metrics;

namespace Grid.Kernel.Membership;

/// <summary>The instruments of the meter <c>Grid.Membership</c>. Without a factory nothing is measured.</summary>
internal sealed class MembershipMetrics
{
    private readonly Counter<long>? _changes;
    private readonly Counter<long>? _quarantined;
    private readonly Counter<long>? _fences;
    private readonly Counter<long>? _rejoinAttempts;

    public MembershipMetrics(IMeterFactory? meters, Func<TopologyView> getView)
    {
        if (meters?.Create("Grid.Membership") is not { } meter)
        {
            return;
        }

        _changes = meter.CreateCounter<long>("grid.membership.changes", "{change}", "Changes of the topology, by kind.");
        _quarantined = meter.CreateCounter<long>("grid.membership.quarantined", "{record}", "Records of the registry that were ignored because they are malformed.");
        _fences = meter.CreateCounter<long>("grid.membership.fences", "{fence}", "How often the local node lost its membership.");
        _rejoinAttempts = meter.CreateCounter<long>("grid.membership.rejoin_attempts", "{attempt}", "Attempts to rejoin.");
        meter.CreateObservableGauge("grid.membership.nodes", () => getView().Nodes.Length, "{node}", "Members in the view.");
    }

    public void Count(MembershipStep step)
    {
        foreach (var change in step.Changes)
        {
            _changes?.Add(1, new KeyValuePair<string, object?>("kind", change.Kind.ToString()));
        }

        _quarantined?.Add(step.Quarantined.Length);
    }

    public void CountFence() => _fences?.Add(1);

    public void CountRejoinAttempt() => _rejoinAttempts?.Add(1);
}
