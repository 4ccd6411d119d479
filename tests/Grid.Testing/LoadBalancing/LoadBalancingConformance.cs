using Grid.Spi;
using Xunit;

namespace Grid.Testing;

/// <summary>What every load balancer must do; derive a test class from it.</summary>
public abstract class LoadBalancingConformance
{
    private static readonly NodeMetrics Busy = new() { JobsActive = 3, JobsWaiting = 9, RunTimeP50Ms = 12.5, ProcessorLoadRatio = 0.8 };

    /// <summary>Makes a balancer.</summary>
    protected abstract ILoadBalancingSpi Create();

    /// <summary>One candidate is chosen whatever is known of it.</summary>
    [Fact]
    public void The_only_candidate_is_chosen()
    {
        var balancer = Create();

        Assert.Equal(0, balancer.Choose([Load(1, 0, 0)], default));
        Assert.Equal(0, balancer.Choose([Load(1, 2, int.MaxValue)], new PlacementRequest("key")));
    }

    /// <summary>Any mixture of known, unknown, old and extreme figures gives an index in range.</summary>
    [Fact]
    public void The_choice_is_always_one_of_the_candidates()
    {
        var random = new Random(7);
        var balancer = Create();
        for (var round = 0; round < 5_000; round++)
        {
            NodeLoad[] candidates = [.. Enumerable.Range(1, random.Next(1, 20)).Select(id => Any(id, random))];

            Assert.InRange(balancer.Choose(candidates, new PlacementRequest(random.Next(2) == 0 ? null : $"key {round}")), 0, candidates.Length - 1);
        }
    }

    /// <summary>It is on the path of every job.</summary>
    [Fact]
    public void Choosing_allocates_nothing()
    {
        var balancer = Create();
        NodeLoad[] candidates = [Load(1, 1, 3), Load(2, 2, 1), Load(3, 4, 0) with { Metrics = Busy, Age = TimeSpan.FromSeconds(9) }];
        var request = new PlacementRequest("key");
        balancer.Choose(candidates, request);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1_000; i++)
        {
            balancer.Choose(candidates, request);
            balancer.Choose(candidates);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    /// <summary>Calls overlap.</summary>
    [Fact]
    public void Many_threads_choose_at_once()
    {
        var balancer = Create();
        NodeLoad[] candidates = [Load(1, 1, 0), Load(2, 1, 0), Load(3, 1, 0), Load(4, 1, 0)];
        var counts = new int[4];

        Parallel.For(0, 20_000, i => Interlocked.Increment(ref counts[balancer.Choose(candidates, new PlacementRequest($"key {i}"))]));

        Assert.Equal(20_000, counts.Sum());
        Assert.All(counts, count => Assert.InRange(count, 2_000, 10_000));
    }

    /// <summary>A candidate; nothing is known of it but what the submitter has there.</summary>
    /// <param name="id">Its identity and name.</param>
    /// <param name="slots">Its slots.</param>
    /// <param name="inFlight">The submitter's attempts there.</param>
    protected static NodeLoad Load(int id, int slots, int inFlight) =>
        new(new NodeInfo { Id = new NodeId((UInt128)id), Name = $"node-{id}", Slots = slots, JoinOrder = id }, inFlight);

    private static NodeLoad Any(int id, Random random)
    {
        var load = Load(id, random.Next(3) == 0 ? 0 : random.Next(1, 5000), random.Next(4) == 0 ? int.MaxValue : random.Next(100));
        return random.Next(3) switch
        {
            0 => load,
            1 => load with { Metrics = new NodeMetrics(), Age = TimeSpan.FromHours(random.Next(100)) },
            _ => load with
            {
                Metrics = Busy with { JobsActive = random.Next(2) == 0 ? null : random.Next(), JobsWaiting = random.Next(), RunTimeP50Ms = random.Next(3) == 0 ? 0 : random.NextDouble() * 1e12 },
                Age = TimeSpan.FromSeconds(random.NextDouble() * 60),
                InFlightCounted = random.Next(200),
            },
        };
    }
}
