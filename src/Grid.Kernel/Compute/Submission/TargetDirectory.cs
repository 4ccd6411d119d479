using System.Collections.Immutable;
using Grid.Kernel.Health;
using Grid.Messaging;

namespace Grid.Kernel.Compute.Submission;

/// <summary>
/// Keeps a target for each member. The membership thread and the one that watches over health replace the set; everybody else reads the latest.
/// </summary>
internal sealed class TargetDirectory(Messenger messenger, Func<NodeInfo, LocalTarget?> makeLocal)
{
    // Owned by the membership thread.
    private readonly Dictionary<NodeKey, JobTarget> _targets = [];

    // Held while the set is replaced; two threads do.
    private readonly Lock _gate = new();
    private volatile JobTargets _current = JobTargets.None;

    /// <summary>The members to send to, as they are now.</summary>
    public JobTargets Current => _current;

    /// <summary>Called after the set was replaced, on the thread that did.</summary>
    public event Action? Changed;

    /// <summary>Takes a new view over. Called on the membership thread.</summary>
    public void OnChange(TopologyView view)
    {
        var all = view.Nodes.Select(TargetOf).ToImmutableArray();
        lock (_gate)
        {
            _current = new JobTargets(view, all, _current.Health);
        }

        ForgetGone(view);
        Changed?.Invoke();
    }

    /// <summary>Takes over how the members stand. One thread calls it.</summary>
    public void OnHealth(HealthView health)
    {
        if (ReferenceEquals(_current.Health, health))
        {
            return;
        }

        lock (_gate)
        {
            _current = _current with { Health = health };
        }

        Changed?.Invoke();
    }

    /// <summary>Shows the targets what is known of their nodes. One thread at a time calls it.</summary>
    public void OnMetrics(IMetricsView metrics)
    {
        foreach (var target in _current.All)
        {
            target.OnMetrics(metrics.Find(target.Node.Id));
        }
    }

    private JobTarget TargetOf(NodeInfo node)
    {
        if (!_targets.TryGetValue(node.Key, out var target))
        {
            target = (JobTarget?)makeLocal(node) ?? new RemoteTarget(node, messenger);
            _targets.Add(node.Key, target);
        }

        target.Node = node;
        return target;
    }

    private void ForgetGone(TopologyView view)
    {
        foreach (var key in _targets.Keys.Where(key => view.Find(key.Id)?.Incarnation != key.Incarnation).ToArray())
        {
            if (_targets.Remove(key, out var gone) && gone is RemoteTarget)
            {
                // Fails what is under way there, so that its jobs go elsewhere at once.
                messenger.Forget(key);
            }
        }
    }
}
