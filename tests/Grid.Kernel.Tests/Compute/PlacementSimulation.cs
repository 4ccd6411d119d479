using Grid.Kernel.Compute.Submission;
using Grid.LoadBalancing;
using Grid.Spi;

namespace Grid.Kernel.Tests.Compute;

/// <summary>
/// One submitter with more jobs than its nodes can run, on a virtual clock: real windows and the real balancer, nodes that run jobs in the order in which they arrive, answers that take a while, and
/// metrics once a second. Deterministic.
/// </summary>
internal sealed class PlacementSimulation
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan MetricsPeriod = TimeSpan.FromSeconds(1);

    private readonly PriorityQueue<(int Node, bool IsAnswer), (long At, long Order)> _events = new();
    private readonly Adaptive _balancer;
    private readonly long _answerTicks;
    private readonly Node[] _nodes;
    private long _order;
    private long _now;

    public PlacementSimulation(int seed, TimeSpan answer, params (int Slots, double Speed)[] nodes)
    {
        _balancer = new Adaptive(seed);
        _answerTicks = answer.Ticks;
        _nodes = [.. nodes.Select((node, i) => new Node(new NodeInfo { Id = new NodeId((UInt128)(i + 1)), Name = $"n{i}", Slots = node.Slots }, node.Speed))];
    }

    /// <summary>How many jobs each node ran.</summary>
    public IEnumerable<int> Ran => _nodes.Select(node => node.Ended);

    /// <summary>The time that a perfect placement would take.</summary>
    public TimeSpan Ideal(int jobs, TimeSpan jobTime) => jobTime * (jobs / _nodes.Sum(node => node.Info.Slots * node.Speed));

    /// <summary>Runs jobs that are all there at the beginning; returns the time until the last is answered.</summary>
    public TimeSpan Run(int jobs, TimeSpan jobTime)
    {
        var nextMetrics = MetricsPeriod.Ticks;
        for (var (sent, answered) = (0, 0); answered < jobs;)
        {
            while (sent < jobs && TrySend(jobTime))
            {
                sent++;
            }

            var (node, isAnswer) = TakeEvent();
            for (; nextMetrics <= _now; nextMetrics += MetricsPeriod.Ticks)
            {
                Array.ForEach(_nodes, other => other.Tell(jobTime));
            }

            answered += isAnswer ? 1 : 0;
            OnEvent(_nodes[node], node, isAnswer, jobTime);
        }

        return TimeSpan.FromTicks(_now);
    }

    private bool TrySend(TimeSpan jobTime)
    {
        var candidates = Enumerable.Range(0, _nodes.Length).Where(i => _nodes[i].HasRoom(_now, Period.Ticks)).ToArray();
        if (candidates.Length == 0)
        {
            return false;
        }

        var chosen = candidates[_balancer.Choose([.. candidates.Select(i => _nodes[i].Load)])];
        _nodes[chosen].InFlight++;
        _nodes[chosen].Waiting++;
        StartNext(_nodes[chosen], chosen, jobTime);
        return true;
    }

    private (int Node, bool IsAnswer) TakeEvent()
    {
        Assert.True(_events.TryDequeue(out var taken, out var when), "jobs are left and nothing happens any more");
        _now = when.At;
        return taken;
    }

    private void OnEvent(Node node, int index, bool isAnswer, TimeSpan jobTime)
    {
        if (isAnswer)
        {
            node.InFlight--;
            node.Ended++;
            return;
        }

        node.Active--;
        _events.Enqueue((index, true), (_now + _answerTicks, ++_order));
        StartNext(node, index, jobTime);
    }

    private void StartNext(Node node, int index, TimeSpan jobTime)
    {
        if (node.Active < node.Info.Slots && node.Waiting > 0)
        {
            node.Active++;
            node.Waiting--;
            _events.Enqueue((index, false), (_now + (long)(jobTime.Ticks / node.Speed), ++_order));
        }
    }

    private sealed class Node(NodeInfo info, double speed)
    {
        private readonly CreditWindow _window = new();
        private NodeMetrics? _told;
        private int _inFlightThen;

        public NodeInfo Info => info;

        public double Speed => speed;

        public int InFlight { get; set; }

        public int Waiting { get; set; }

        public int Active { get; set; }

        public int Ended { get; set; }

        public NodeLoad Load => new(info, InFlight) { Metrics = _told, InFlightCounted = _inFlightThen };

        public bool HasRoom(long now, long period) => _window.HasRoom(info.Slots, InFlight, Ended, now, period);

        public void Tell(TimeSpan jobTime)
        {
            _told = new NodeMetrics { JobsActive = Active, JobsWaiting = Waiting, RunTimeP50Ms = Ended == 0 ? null : jobTime.TotalMilliseconds / speed };
            _inFlightThen = InFlight;
        }
    }
}
