using Grid.Kernel.Gossip;
using Grid.Kernel.Membership;
using Grid.Messaging;
using Microsoft.Extensions.Logging;

namespace Grid.Kernel.Health;

/// <summary>
/// Watches over the members: looks at the links and the metrics a few times a second, has <see cref="HealthMachine"/> draw the conclusions, shows them and tells them to the
/// placement of jobs. It also measures whether this node starves, and notes what happens in the flight recorder. All of it runs on the messenger's thread, but for the measuring
/// (the gossip thread's) and the notes about membership.
/// </summary>
internal sealed class HealthService : ILinkObserver, IMembershipObserver, IMetricsSource, IHealthView, IDisposable
{
    private readonly HealthOptions _options;
    private readonly HealthParts _parts;
    private readonly ILogger _logger;
    private readonly HealthMachine _machine; // The messenger thread's own.
    private readonly StarvationMachine _starvation; // The gossip thread's own.
    private readonly HealthMetrics _metrics;
    private readonly long _origin;
    private TimeSpan _lookedAt = TimeSpan.MinValue;

    // Replaced by the messenger's thread, read by all.
    private volatile HealthView _view = HealthView.Empty;
    private volatile IReadOnlyCollection<NodeId> _unreachable = [];

    // Set by whoever stops the node, read by the messenger's thread.
    private volatile bool _isEnded;

    public HealthService(HealthOptions options, HealthParts parts)
    {
        _options = options;
        _parts = parts;
        _logger = parts.Loggers.CreateLogger<HealthService>();
        _machine = new HealthMachine(options, parts.LocalId);
        _starvation = new StarvationMachine(options, parts.Slots);
        _metrics = new HealthMetrics(parts.Meters, () => _view);
        _origin = parts.Time.GetTimestamp();
    }

    /// <summary>Told how the members stand when that has changed, and at every look while somebody is suspect. On the messenger's thread; must not block or throw. Set before the start.</summary>
    public Action<HealthView>? Concluded { get; set; }

    /// <summary>How the members stand, as of the last look.</summary>
    public HealthView View => _view;

    /// <inheritdoc/>
    public IReadOnlyList<NodeHealth> All => [.. _parts.Topology.Current.Nodes.Select(_view.Of)];

    /// <inheritdoc/>
    public NodeHealth? Find(NodeId node) => _parts.Topology.Current.Find(node) is { } member ? _view.Of(member) : null;

    /// <summary>Watches no more: links that end from now on end because this node leaves, and say nothing about the others.</summary>
    public void EndWatch() => _isEnded = true;

    public void Dispose()
    {
        EndWatch();
        _metrics.Dispose();
    }

    /// <inheritdoc/>
    public void OnTick()
    {
        var now = Now();
        if (!_isEnded && now - _options.LookPeriod >= _lookedAt)
        {
            _lookedAt = now;
            Look(now);
        }
    }

    /// <inheritdoc/>
    public void OnLinkUp(Peer peer)
    {
        _parts.Recorder.Record(NodeEventKind.LinkUp, peer.Node.Name, $"the link to {peer.Node.Name} is up");
        _machine.OnHeard(peer.Node.Key);
        Conclude();
    }

    /// <inheritdoc/>
    public void OnLinkDown(Peer peer, GridException? reason)
    {
        _parts.Recorder.Record(NodeEventKind.LinkDown, peer.Node.Name, reason is null ? $"the idle link to {peer.Node.Name} was closed" : $"the link to {peer.Node.Name} is down: {reason.Message}");
        if (reason is not null && !_isEnded && MemberOf(peer) is { State: not NodeState.Leaving })
        {
            // Whether it can be reached shows at once, not when a job is sent there.
            peer.Connect();
        }
    }

    /// <inheritdoc/>
    public void OnDialFailed(Peer peer, GridException reason)
    {
        if (!_isEnded && MemberOf(peer) is { } member)
        {
            _machine.OnUnreachable(member, reason.Message.TrimEnd('.'));
            Conclude();
        }
    }

    /// <inheritdoc/>
    public void OnChange(TopologyView view, IReadOnlyList<TopologyChange> changes)
    {
        foreach (var change in changes)
        {
            if (change.Node is { } node && MembershipEvents.Describe(change, _view.Of(node)) is { } described)
            {
                _parts.Recorder.Record(described.Kind, node.Name, described.Text);
            }
        }
    }

    /// <inheritdoc/>
    public void OnFenced() => _parts.Recorder.Record(NodeEventKind.Fenced, "", "this node has lost its membership; it takes and commits nothing until it is a member again");

    /// <inheritdoc/>
    public void OnRejoined(NodeInfo local) => _parts.Recorder.Record(NodeEventKind.Rejoined, local.Name, $"this node is a member again, as {local}");

    /// <inheritdoc/>
    public void Sample(MetricSample sample, TimeSpan elapsed)
    {
        var before = _starvation.Current;
        var starvation = _starvation.OnFigures(FiguresOf(sample), Now());
        sample.SetCount(MetricField.Starvation, (long)starvation);
        ReachabilityRow.Write(sample, _unreachable);
        if (starvation != before && starvation != NodeStarvation.None)
        {
            HealthLog.Starving(_logger, starvation);
        }
        else if (starvation != before)
        {
            HealthLog.Recovered(_logger);
        }
    }

    private static WorkFigures FiguresOf(MetricSample sample)
    {
        long Known(MetricField field) => Math.Max(0, sample.Values[(int)field]);
        var delay = sample.Values[(int)MetricField.ThreadPoolDelayMs];
        return new WorkFigures(
            (int)Known(MetricField.JobLanesBlocked),
            Known(MetricField.JobsDone) + Known(MetricField.JobsFailed) + Known(MetricField.JobsCancelled),
            delay < 0 ? null : TimeSpan.FromMicroseconds(delay));
    }

    private void Look(TimeSpan now)
    {
        _machine.OnLook(now);
        foreach (var member in _parts.Topology.Current.Nodes)
        {
            if (member.Id != _parts.LocalId && _parts.Messenger.FindPeer(member.Key) is { } peer)
            {
                Look(member, peer, now);
            }
        }

        Conclude();
    }

    private void Look(NodeInfo member, Peer peer, TimeSpan now)
    {
        var silence = peer.Silence;
        var isLinked = peer.IsLinked;
        if (isLinked && silence < _options.SuspectAfter)
        {
            _machine.OnHeard(member.Key);
            return;
        }

        _machine.OnSilence(member, silence, now);
        if (!isLinked && _machine.IsSuspect(member.Key))
        {
            // Nobody sends it anything, so nobody else would find out that it is back.
            peer.Connect();
        }
    }

    private void Conclude()
    {
        var step = _machine.Conclude(_parts.Topology.Current, node => _parts.Metrics.Find(node)?.Metrics);
        foreach (var change in step.Changes)
        {
            _parts.Recorder.Record(change.Kind, change.Node.Name, change.Text);
            if (change.Kind == NodeEventKind.Suspected)
            {
                HealthLog.Suspected(_logger, change.Text);
            }
            else
            {
                HealthLog.Changed(_logger, change.Text);
            }
        }

        if (step.IsNews)
        {
            _view = step.View;
            _unreachable = [.. _machine.Unreachable];
        }

        if (step.IsNews || !step.View.Suspects.IsEmpty)
        {
            Concluded?.Invoke(step.View);
        }
    }

    private NodeInfo? MemberOf(Peer peer) => _parts.Topology.Current.Find(peer.Node.Id) is { } member && member.Key == peer.Node.Key ? member : null;

    private TimeSpan Now() => _parts.Time.GetElapsedTime(_origin);
}
