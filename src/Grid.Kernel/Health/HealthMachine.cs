using System.Collections.Immutable;
using System.Globalization;

namespace Grid.Kernel.Health;

/// <summary>
/// Decides how the members stand as places for jobs, from two witnesses: the node's own links, and what members say of themselves and each other in their metrics. Pure: it is
/// told what was seen and the time, and reads no clock. One thread calls it.
/// </summary>
/// <remarks>
/// A member becomes suspect when an attempt to link with it fails, or when it has owed an answer for <see cref="HealthOptions.SuspectAfter"/>; it stops being so with the first sign of life, or
/// when discovery no longer lists it. Only discovery removes members. A node that was itself paused sees everybody silent: after a look that comes late it
/// gives all of them that time once more before it suspects anybody (the idea of A. Dadgar et al., "Lifeguard: Local Health Awareness for More Accurate Failure Detection", 2018).
/// A cut between two members shows on both sides as suspicion, and to third nodes as rows of the metrics only, so the two go on working for everybody else.
/// </remarks>
/// <param name="options">The limits.</param>
/// <param name="local">The local node; null for a client.</param>
internal sealed class HealthMachine(HealthOptions options, NodeId? local)
{
    private const int LateLooks = 5;

    private readonly Dictionary<NodeKey, string> _suspects = [];
    private readonly List<NodeId> _unreachable = [];
    private readonly List<HealthChange> _changes = [];
    private HealthView _view = HealthView.Empty;
    private TimeSpan? _lookedAt;
    private TimeSpan _trustsSilenceFrom;

    /// <summary>The members that cannot be reached from here, those suspected first leading.</summary>
    public IReadOnlyList<NodeId> Unreachable => _unreachable;

    public bool IsSuspect(NodeKey member) => _suspects.ContainsKey(member);

    /// <summary>A look begins. One that comes late shows that this process was paused or short of processor time itself.</summary>
    public void OnLook(TimeSpan now)
    {
        if (_lookedAt is { } before && now - before > options.LookPeriod * LateLooks)
        {
            _trustsSilenceFrom = now + options.SuspectAfter;
        }

        _lookedAt = now;
    }

    /// <summary>A member owes an answer.</summary>
    /// <param name="member">The member.</param>
    /// <param name="silence">For how long.</param>
    /// <param name="now">The time.</param>
    public void OnSilence(NodeInfo member, TimeSpan silence, TimeSpan now)
    {
        if (silence >= options.SuspectAfter && now >= _trustsSilenceFrom)
        {
            Suspect(member, string.Create(CultureInfo.InvariantCulture, $"it has owed an answer for {silence.TotalSeconds:0.0} s"));
        }
    }

    /// <summary>An attempt to link with a member failed.</summary>
    public void OnUnreachable(NodeInfo member, string reason) => Suspect(member, reason);

    /// <summary>A member gave a sign of life.</summary>
    public void OnHeard(NodeKey member)
    {
        if (_suspects.Remove(member))
        {
            _unreachable.Remove(member.Id);
        }
    }

    /// <summary>Draws the conclusions from everything seen so far.</summary>
    /// <param name="topology">Who is a member.</param>
    /// <param name="metricsOf">The latest metrics of a member; null while unknown.</param>
    public HealthStep Conclude(TopologyView topology, Func<NodeId, NodeMetrics?> metricsOf)
    {
        ForgetGone(topology);
        _changes.Clear();
        var accusers = AccusersIn(topology, metricsOf);
        var isNews = !ReferenceEquals(topology, _view.Topology);
        var all = ImmutableArray.CreateBuilder<NodeHealth>(topology.Nodes.Length);
        foreach (var member in topology.Nodes)
        {
            var before = _view.Of(member);
            var after = Judge(member, metricsOf(member.Id)) with { UnreachableFor = accusers.TryGetValue(ReachabilityRow.MarkOf(member.Id), out var list) ? [.. list] : [] };
            if (after.Equals(before))
            {
                all.Add(before);
                continue;
            }

            isNews = true;
            all.Add(after);
            Compare(before, after);
        }

        _view = isNews ? new HealthView(topology, all.MoveToImmutable()) : _view;
        return new HealthStep(_view, isNews, [.. _changes]);
    }

    private void Suspect(NodeInfo member, string reason)
    {
        if (member.State != NodeState.Leaving && member.Id != local && _suspects.TryAdd(member.Key, reason))
        {
            _unreachable.Add(member.Id);
        }
    }

    private void ForgetGone(TopologyView topology)
    {
        if (_suspects.Count == 0 || ReferenceEquals(topology, _view.Topology))
        {
            return;
        }

        foreach (var key in _suspects.Keys.Where(key => topology.Find(key.Id)?.Key != key).ToArray())
        {
            OnHeard(key);
        }
    }

    private NodeHealth Judge(NodeInfo member, NodeMetrics? metrics)
    {
        if (_suspects.TryGetValue(member.Key, out var reason))
        {
            return new NodeHealth(member, NodeCondition.Suspect, $"is suspect: {reason}");
        }

        if (local is { } self && member.Id != self && ReachabilityRow.Names(metrics?.UnreachableMarks ?? [], self))
        {
            return new NodeHealth(member, NodeCondition.Cut, "says that it cannot reach this node");
        }

        return metrics?.Starvation is { } starvation and not NodeStarvation.None
            ? new NodeHealth(member, NodeCondition.Starved, $"starves: {Words(starvation)}")
            : new NodeHealth(member, NodeCondition.Well, "");
    }

    private static string Words(NodeStarvation starvation) => starvation switch
    {
        NodeStarvation.JobLanes => "the jobs in all its slots wait for something, and none ends",
        NodeStarvation.ThreadPool => "its thread pool takes up no work",
        _ => "its jobs wait for something and none ends, and its thread pool takes up no work",
    };

    /// <summary>Who says that a member cannot be reached, by the member's mark.</summary>
    private static Dictionary<long, List<NodeInfo>> AccusersIn(TopologyView topology, Func<NodeId, NodeMetrics?> metricsOf)
    {
        var accusers = new Dictionary<long, List<NodeInfo>>();
        foreach (var member in topology.Nodes)
        {
            foreach (var mark in metricsOf(member.Id)?.UnreachableMarks ?? [])
            {
                (accusers.TryGetValue(mark, out var list) ? list : accusers[mark] = []).Add(member);
            }
        }

        return accusers;
    }

    private void Compare(NodeHealth before, NodeHealth after)
    {
        if ((before.Condition, before.Reason) != (after.Condition, after.Reason))
        {
            CompareConditions(before, after);
        }

        foreach (var witness in after.UnreachableFor.Except(before.UnreachableFor))
        {
            _changes.Add(new HealthChange(NodeEventKind.CutReported, after.Node, $"{witness.Name} says that it cannot reach {after.Node.Name}"));
        }

        foreach (var witness in before.UnreachableFor.Except(after.UnreachableFor))
        {
            _changes.Add(new HealthChange(NodeEventKind.CutHealed, after.Node, $"{witness.Name} no longer says that it cannot reach {after.Node.Name}"));
        }
    }

    private void CompareConditions(NodeHealth before, NodeHealth after)
    {
        var name = after.Node.Name;
        switch (before.Condition, after.Condition)
        {
            case (not NodeCondition.Suspect, NodeCondition.Suspect):
                _changes.Add(new HealthChange(NodeEventKind.Suspected, after.Node, $"{name} {after.Reason}; jobs that wait there go elsewhere, it stays a member"));
                break;
            case (NodeCondition.Suspect, not NodeCondition.Suspect):
                _changes.Add(new HealthChange(NodeEventKind.Answered, after.Node, $"{name} can be reached again"));
                break;
        }

        if (after.Condition == NodeCondition.Starved)
        {
            _changes.Add(new HealthChange(NodeEventKind.Starved, after.Node, $"{name} {after.Reason}; it gets no new jobs while others are well"));
        }
        else if (before.Condition == NodeCondition.Starved && after.Condition != NodeCondition.Suspect)
        {
            _changes.Add(new HealthChange(NodeEventKind.Recovered, after.Node, $"{name} no longer starves"));
        }
    }
}
