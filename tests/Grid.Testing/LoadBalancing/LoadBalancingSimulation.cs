using Grid.Spi;

namespace Grid.Testing;

/// <summary>
/// Submitters and nodes on a virtual clock: nodes run jobs in the order in which they arrive, tell their figures once a period, and each submitter's balancer
/// sees them some time later beside what the submitter has there itself. Deterministic if the balancers are.
/// </summary>
public sealed class LoadBalancingSimulation
{
    private readonly PriorityQueue<(int Node, int Submitter), (TimeSpan At, long Order)> _ends = new();
    private readonly SimulatedNode[] _nodes;
    private readonly NodeInfo[] _infos;
    private readonly ILoadBalancingSpi[] _balancers;
    private readonly Queue<int>[] _queues; // Of submitters, one entry per waiting job.
    private readonly int[] _active;
    private readonly double?[] _runMs;
    private readonly NodeLoad[][] _loads; // Per submitter.
    private readonly int[] _received;
    private readonly TimeSpan _period;
    private readonly TimeSpan _delay;
    private TimeSpan _jobTime;
    private TimeSpan _told;
    private TimeSpan _heard;
    private NodeMetrics?[] _figures;
    private long _order;

    /// <summary>Makes a simulation.</summary>
    /// <param name="nodes">The nodes.</param>
    /// <param name="balancers">One per submitter.</param>
    /// <param name="period">How often figures are told.</param>
    /// <param name="delay">How long they travel; below the period.</param>
    public LoadBalancingSimulation(IEnumerable<SimulatedNode> nodes, IEnumerable<ILoadBalancingSpi> balancers, TimeSpan period, TimeSpan delay)
    {
        _nodes = [.. nodes];
        _balancers = [.. balancers];
        _period = period;
        _delay = delay;
        _infos = [.. _nodes.Select((node, i) => new NodeInfo { Id = new NodeId((UInt128)(i + 1)), Name = $"node-{i + 1}", Slots = node.Slots, JoinOrder = i + 1 })];
        _queues = [.. _nodes.Select(_ => new Queue<int>())];
        _active = new int[_nodes.Length];
        _runMs = new double?[_nodes.Length];
        _received = new int[_nodes.Length];
        _figures = new NodeMetrics?[_nodes.Length];
        _loads = [.. _balancers.Select(_ => _infos.Select(info => new NodeLoad(info, 0)).ToArray())];
        (_told, _heard) = (TimeSpan.Zero, delay);
    }

    /// <summary>How far the clock has come.</summary>
    public TimeSpan Now { get; private set; }

    /// <summary>How many jobs each node was sent so far.</summary>
    public IReadOnlyList<int> Received => _received;

    /// <summary>The time that a perfect placement would take.</summary>
    /// <param name="jobs">How many jobs.</param>
    /// <param name="jobTime">What one takes at speed 1.</param>
    public TimeSpan Ideal(int jobs, TimeSpan jobTime) => jobTime * (jobs / _nodes.Sum(node => node.Slots * node.Speed));

    /// <summary>Runs jobs, submitted in turn by the submitters, and returns the time from now to the end of the last.</summary>
    /// <param name="jobs">How many.</param>
    /// <param name="jobTime">What one takes at speed 1.</param>
    /// <param name="inFlightMax">How many are under way at most.</param>
    public TimeSpan Run(int jobs, TimeSpan jobTime, int inFlightMax)
    {
        _jobTime = jobTime;
        var start = Now;
        var submitted = 0;
        for (var ended = 0; ended < jobs;)
        {
            for (; submitted < jobs && submitted - ended < inFlightMax; submitted++)
            {
                Submit(submitted % _balancers.Length);
            }

            ended += Step() ? 1 : 0;
        }

        return Now - start;
    }

    /// <summary>Lets time pass, so that the figures of an idle or busy moment are heard.</summary>
    /// <param name="time">How long.</param>
    public void Rest(TimeSpan time)
    {
        for (var end = Now + time; NextEvent() <= end;)
        {
            Step();
        }
    }

    private TimeSpan NextEvent()
    {
        var next = _told < _heard ? _told : _heard;
        return _ends.TryPeek(out _, out var end) && end.At <= next ? end.At : next;
    }

    /// <returns>Whether a job ended.</returns>
    private bool Step()
    {
        Now = NextEvent();
        if (_ends.TryPeek(out var end, out var when) && when.At <= Now)
        {
            _ends.Dequeue();
            End(end.Node, end.Submitter);
            return true;
        }

        if (_told <= _heard)
        {
            _figures = [.. _nodes.Select((node, i) => node.IsSilent ? null : new NodeMetrics { JobsActive = _active[i], JobsWaiting = _queues[i].Count, RunTimeP50Ms = _runMs[i] })];
            _told += _period;
        }
        else
        {
            Array.ForEach(_loads, Hear);
            _heard += _period;
        }

        return false;
    }

    private void Hear(NodeLoad[] loads)
    {
        for (var i = 0; i < loads.Length; i++)
        {
            loads[i] = loads[i] with { Metrics = _figures[i], Age = _delay, InFlightCounted = loads[i].InFlight };
        }
    }

    private void Submit(int submitter)
    {
        var loads = _loads[submitter];
        var node = _balancers[submitter].Choose(loads, default);
        loads[node] = loads[node] with { InFlight = loads[node].InFlight + 1 };
        _received[node]++;
        _queues[node].Enqueue(submitter);
        StartNext(node);
    }

    private void StartNext(int node)
    {
        if (_active[node] < _nodes[node].Slots && _queues[node].TryDequeue(out var submitter))
        {
            _active[node]++;
            _ends.Enqueue((node, submitter), (Now + (_jobTime / _nodes[node].Speed), ++_order));
        }
    }

    private void End(int node, int submitter)
    {
        var loads = _loads[submitter];
        loads[node] = loads[node] with { InFlight = loads[node].InFlight - 1 };
        _active[node]--;
        _runMs[node] = (_jobTime / _nodes[node].Speed).TotalMilliseconds;
        StartNext(node);
    }
}
