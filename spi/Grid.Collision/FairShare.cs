using Grid.Collision.Lines;
using Grid.Spi;

namespace Grid.Collision;

/// <summary>
/// Divides the starts of jobs among tenants or pools by weight, however many jobs each has waiting. Within one, first come, first served. Who has nothing waiting leaves its share to the others and gets no credit for it.
/// </summary>
/// <remarks>
/// <para>Start-time fair queueing (P. Goyal, H. Vin, H. Cheng, "Start-time Fair Queuing: A Scheduling Algorithm for Integrated Services Packet Switching Networks", 1996), with one job as the unit, because how long a job runs
/// is not known before: a start tag is the later of virtual time and the flow's last finish tag, a finish tag is the start tag plus 1 / weight, the lowest start tag goes first, and virtual time is the start tag of the
/// job that started last. Tags are given to the first job of a flow when it gets to the front, so that jobs that are withdrawn cost their tenant nothing.</para>
/// <para>With equal weights, a tenant's i-th waiting job is preceded by at most i starts of each other tenant. Costs a logarithm of the number of tenants that have jobs waiting.</para>
/// </remarks>
public sealed class FairShare : ICollisionSpi
{
    /// <summary>Virtual time of one job of weight 1; divisible enough for weights to 1,000, and good for 9 million million jobs.</summary>
    private const long Unit = 1_000_000;

    /// <summary>How many flows that must wait for resources are passed over in one decision.</summary>
    private const int LooksMax = 256;

    /// <summary>How many flows without waiting jobs are remembered beyond those that have some.</summary>
    private const int RestingMax = 256;

    private readonly FairShareOptions _options;
    private readonly Dictionary<string, ShareFlow> _flows = new(StringComparer.Ordinal);
    private readonly PriorityQueue<ShareFlow, LineKey> _order = new();
    private readonly List<(ShareFlow Flow, LineKey Key)> _passed = [];
    private long _virtualTime;
    private long _sequence;
    private int _emptied;

    /// <summary>Makes the provider of one node.</summary>
    /// <param name="options">How it divides.</param>
    /// <exception cref="ArgumentOutOfRangeException">A weight is out of its range.</exception>
    public FairShare(FairShareOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        foreach (var weight in options.Weights.Values)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(weight, 1);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(weight, FairShareOptions.WeightMax);
        }

        _options = options;
    }

    /// <inheritdoc/>
    public void OnArrived(IWaitingJob job)
    {
        var name = NameOf(job);
        if (!_flows.TryGetValue(name, out var flow))
        {
            flow = new ShareFlow(name, Unit / _options.Weights.GetValueOrDefault(name, 1));
            _flows.Add(name, flow);
        }

        flow.Lines.Add(job);
        flow.Waiting++;
        if (!flow.IsQueued)
        {
            Enqueue(flow);
        }
    }

    /// <inheritdoc/>
    public CollisionDecision Next(IAdmissionRoom room)
    {
        var job = TakeFirst(room);
        foreach (var (flow, key) in _passed)
        {
            _order.Enqueue(flow, key);
        }

        _passed.Clear();
        return job is null ? CollisionDecision.Defer : CollisionDecision.Activate(job);
    }

    /// <inheritdoc/>
    public void OnWithdrawn(IWaitingJob job)
    {
        var flow = _flows[NameOf(job)];
        flow.Waiting--;
        flow.Lines.OnWithdrawn();
        if (flow.Waiting == 0 && ++_emptied > RestingMax && _emptied > _order.Count / 2)
        {
            DropEmptied();
        }
    }

    private IWaitingJob? TakeFirst(IAdmissionRoom room)
    {
        while (_passed.Count < LooksMax && _order.TryDequeue(out var flow, out var key))
        {
            if (flow.Lines.TakeFirst(room) is { } job)
            {
                flow.Waiting--;
                OnStarted(flow);
                return job;
            }

            if (flow.Waiting > 0)
            {
                _passed.Add((flow, key));
            }
            else
            {
                Rest(flow);
            }
        }

        return null;
    }

    private void OnStarted(ShareFlow flow)
    {
        _virtualTime = Math.Max(_virtualTime, flow.Start);
        flow.Finish = flow.Start + flow.Cost;
        if (flow.Waiting > 0)
        {
            Enqueue(flow);
        }
        else
        {
            Rest(flow);
        }
    }

    private void Enqueue(ShareFlow flow)
    {
        flow.Start = Math.Max(_virtualTime, flow.Finish);
        flow.IsQueued = true;
        _order.Enqueue(flow, new LineKey(flow.Start, ++_sequence));
    }

    /// <summary>A flow without waiting jobs is remembered while its finish tag lies ahead, within bounds: to forget it early gives it one job for nothing.</summary>
    private void Rest(ShareFlow flow)
    {
        flow.IsQueued = false;
        if (flow.Finish <= _virtualTime)
        {
            _flows.Remove(flow.Name);
        }
        else if (_flows.Count > RestingMax + (2 * _order.Count) + _passed.Count)
        {
            Forget(resting => resting.Finish <= _virtualTime);
            if (_flows.Count > RestingMax + _order.Count + _passed.Count)
            {
                Forget(_ => true);
            }
        }
    }

    private void Forget(Func<ShareFlow, bool> isWanted)
    {
        foreach (var flow in _flows.Values)
        {
            if (!flow.IsQueued && isWanted(flow))
            {
                _flows.Remove(flow.Name);
            }
        }
    }

    private void DropEmptied()
    {
        var left = _order.UnorderedItems.Where(item => item.Element.Waiting > 0).ToArray();
        foreach (var (flow, _) in _order.UnorderedItems)
        {
            if (flow.Waiting == 0)
            {
                flow.IsQueued = false;
                _flows.Remove(flow.Name);
            }
        }

        _order.Clear();
        _order.EnqueueRange(left);
        _emptied = 0;
    }

    private string NameOf(IWaitingJob job) => _options.By == ShareKind.Pool ? job.Pool : job.Tenant;
}
