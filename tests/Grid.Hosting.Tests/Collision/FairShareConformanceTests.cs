using System.Collections.Immutable;
using Grid.Collision;
using Grid.Spi;
using Grid.Testing;

namespace Grid.Hosting.Tests.Collision;

public sealed class FairShareConformanceTests : CollisionConformance
{
    /// <summary>How long a job waits is counted in starts of jobs, its own included: on an idle node, the i-th of a batch waits for i of them.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(8)]
    public void Short_jobs_wait_at_most_twice_as_long_beside_ten_thousand_of_another_tenant(int slots)
    {
        const int Batch = 100;
        var idle = Positions(slots, Batch, others: 0);
        var busy = Positions(slots, Batch, others: 10_000);

        Assert.All(idle.Zip(busy), pair => Assert.True(pair.Second <= 2 * pair.First, $"start {pair.Second} instead of {pair.First}"));
        Assert.Equal(1, busy[0]);
        Assert.InRange(busy[^1], Batch, 2 * Batch);
    }

    [Fact]
    public void Starts_are_divided_by_weight()
    {
        var options = new FairShareOptions { Weights = ImmutableDictionary<string, int>.Empty.Add("gold", 3).Add("silver", 2) };
        var node = new CollisionSimulation(new FairShare(options), slots: 1, ResourceAmounts.None);
        foreach (var tenant in new[] { "gold", "silver", "tin" })
        {
            Enumerable.Range(0, 600).ToList().ForEach(_ => node.Arrive(new JobOptions { Tenant = tenant }));
        }

        DrainTo(node, (3 * 600) - 600);

        var counts = node.Started.Take(600).CountBy(job => job.Tenant).ToDictionary();
        Assert.InRange(counts["gold"], 299, 301);
        Assert.InRange(counts["silver"], 199, 201);
        Assert.InRange(counts["tin"], 99, 101);
    }

    [Fact]
    public void Who_had_nothing_waiting_gets_no_credit_for_it()
    {
        var node = Node(slots: 1);
        Enumerable.Range(0, 300).ToList().ForEach(_ => node.Arrive(new JobOptions { Tenant = "busy" }));
        DrainTo(node, 200);
        var before = node.Started.Count;
        Enumerable.Range(0, 50).ToList().ForEach(_ => node.Arrive(new JobOptions { Tenant = "late" }));

        DrainTo(node, 200);

        Assert.Equal(25, node.Started.Skip(before).Count(job => job.Tenant == "late"));
    }

    [Fact]
    public void Jobs_that_are_withdrawn_cost_their_tenant_nothing()
    {
        var node = Node(slots: 1);
        Enumerable.Range(0, 100).ToList().ForEach(_ => node.Arrive(new JobOptions { Tenant = "busy" }));
        DrainTo(node, 90);
        Enumerable.Range(0, 1000).Select(_ => node.Arrive(new JobOptions { Tenant = "hasty" })).ToList().ForEach(node.Withdraw);
        var job = node.Arrive(new JobOptions { Tenant = "hasty" });
        var before = node.Started.Count;

        DrainTo(node, 0);

        Assert.InRange(node.Started.ToList().IndexOf(job) - before, 0, 1);
    }

    [Fact]
    public void Pools_can_be_what_slots_are_divided_among()
    {
        var node = new CollisionSimulation(new FairShare(new FairShareOptions { By = ShareKind.Pool }), slots: 1, ResourceAmounts.None);
        Enumerable.Range(0, 100).ToList().ForEach(i => node.Arrive(new JobOptions { Pool = "batch", Tenant = $"tenant {i}" }));
        var quick = node.Arrive(new JobOptions { Pool = "interactive", Tenant = "tenant 1" });

        DrainTo(node, 0);

        Assert.InRange(node.Started.ToList().IndexOf(quick), 0, 1);
    }

    protected override ICollisionSpi Create() => new FairShare(new FairShareOptions());

    /// <summary>For each job of a batch, the how-manieth start it is, of all starts of anybody after its arrival.</summary>
    private List<int> Positions(int slots, int batch, int others)
    {
        var node = Node(slots);
        Enumerable.Range(0, others).ToList().ForEach(_ => node.Arrive(new JobOptions { Tenant = "crowd" }));
        node.Pump();
        var before = node.Started.Count;
        var jobs = Enumerable.Range(0, batch).Select(_ => node.Arrive(new JobOptions { Tenant = "few" })).ToHashSet();
        DrainTo(node, Math.Max(0, others - (4 * batch)));
        return [.. node.Started.Skip(before).Select((job, index) => (job, index)).Where(started => jobs.Contains(started.job)).Select(started => started.index + 1)];
    }
}
