using System.Collections.Concurrent;
using Grid.Collision;
using Grid.Spi;

namespace Grid.Hosting.Tests.Collision;

/// <summary>The whole way: options at the submitter, over a link, through a node's queue.</summary>
public sealed class FairShareGridTests
{
    private const int Crowd = 10_000;
    private const int Few = 50;

    [Fact]
    public async Task A_few_jobs_wait_at_most_twice_as_long_beside_ten_thousand_of_another_tenant()
    {
        var idle = await PositionsAsync(0);
        var busy = await PositionsAsync(Crowd);

        Assert.Equal(Few, busy.Count);
        Assert.All(idle.Zip(busy), pair => Assert.True(pair.Second <= 2 * pair.First, $"start {pair.Second} instead of {pair.First}"));
    }

    [Fact]
    public async Task A_job_that_needs_a_device_nobody_has_is_refused_with_the_reason_for_each_node()
    {
        await using var local = await LocalGrid.StartAsync(new LocalGridOptions { Nodes = 2, ResourcesPerNode = ResourceAmounts.Of(("gpu", 1)) });

        var refused = await Assert.ThrowsAsync<NoEligibleNodeException>(() => local.Client.With(new JobOptions { Resources = ResourceAmounts.Of(("gpu", 2)) }).CallAsync(() => 1));

        Assert.Equal(2, refused.Exclusions.Count);
        Assert.All(refused.Exclusions, exclusion => Assert.Equal("has 1 gpu, and 2 are needed", exclusion.Reason));
        Assert.Equal(1, await local.Client.With(new JobOptions { Resources = ResourceAmounts.Of(("gpu", 1)) }).CallAsync(() => 1));
    }

    [Fact]
    public async Task A_device_is_used_by_one_job_at_a_time_on_each_node()
    {
        await using var local = await LocalGrid.StartAsync(new LocalGridOptions { Nodes = 2, SlotsPerNode = 4, ResourcesPerNode = ResourceAmounts.Of(("gpu", 1)) });
        var group = local.Client.With(new JobOptions { Resources = ResourceAmounts.Of(("gpu", 1)) });

        var most = await group.MapAsync(Enumerable.Range(0, 200), _ => Device.Use(JobContext.Current!.Node.Name));

        Assert.All(most, users => Assert.Equal(1, users));
    }

    [Fact]
    public async Task A_job_submits_jobs_with_options_that_it_brought_along()
    {
        await using var local = await LocalGrid.StartAsync(new LocalGridOptions { Nodes = 2, ResourcesPerNode = ResourceAmounts.Of(("gpu", 1)) });
        var options = new JobOptions { Priority = 3, Pool = "batch", Tenant = "a", Resources = ResourceAmounts.Of(("gpu", 1)) };

        var (same, result) = await local.Client.CallAsync(async context =>
            (options.Resources.Equals(ResourceAmounts.Of(("gpu", 1))), await context.Grid.With(options).CallAsync(() => 7)));

        Assert.True(same);
        Assert.Equal(7, result);
    }

    /// <summary>For each of the few, the how-manieth start it is, of all starts of anybody once all are there.</summary>
    private static async Task<IReadOnlyList<int>> PositionsAsync(int crowd)
    {
        var arrivals = new Arrivals(new FairShare(new FairShareOptions()), 1 + crowd + Few);
        var name = Guid.NewGuid().ToString();
        await using var local = await LocalGrid.StartAsync(new LocalGridOptions { Nodes = 1, SlotsPerNode = 1, InFlightMax = 20_000, CreateCollision = () => arrivals.Next() });
        var starts = Starts.Of(name);
        var jobs = new List<Task> { local.Client.RunAsync(Holding(name)) };
        await starts.Held.Task.WaitAsync(TimeSpan.FromMinutes(1));
        Submit(jobs, local.Client.With(new JobOptions { Tenant = "crowd" }), crowd, Noting(name, "crowd"));
        Submit(jobs, local.Client.With(new JobOptions { Tenant = "few" }), Few, Noting(name, "few"));
        await arrivals.All.Task.WaitAsync(TimeSpan.FromMinutes(2));

        starts.Release.SetResult();
        await Task.WhenAll(jobs).WaitAsync(TimeSpan.FromMinutes(3));

        return [.. starts.Order.Select((tenant, index) => (tenant, index)).Where(start => start.tenant == "few").Select(start => start.index + 1)];
    }

    private static void Submit(List<Task> jobs, INodeGroup group, int count, Action job) => jobs.AddRange(Enumerable.Range(0, count).Select(_ => group.RunAsync(job)));

    private static Action Holding(string name) => () =>
    {
        var starts = Starts.Of(name);
        starts.Held.SetResult();
        starts.Release.Task.Wait(TimeSpan.FromMinutes(3));
    };

    private static Action Noting(string name, string tenant) => () => Starts.Of(name).Order.Enqueue(tenant);

    /// <summary>Jobs run in this process, on copies of what they capture: they meet the test by name.</summary>
    private sealed class Starts
    {
        private static readonly ConcurrentDictionary<string, Starts> All = new();

        public ConcurrentQueue<string> Order { get; } = new();

        public TaskCompletionSource Held { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource Release { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public static Starts Of(string name) => All.GetOrAdd(name, _ => new Starts());
    }

    private static class Device
    {
        private static readonly ConcurrentDictionary<string, int> Users = new();

        public static int Use(string node)
        {
            var users = Users.AddOrUpdate(node, 1, (_, count) => count + 1);
            Thread.SpinWait(20_000);
            Users.AddOrUpdate(node, 0, (_, count) => count - 1);
            return users;
        }
    }

    /// <summary>Passes everything on to a provider, and tells when all have arrived.</summary>
    private sealed class Arrivals(ICollisionSpi inner, int expected) : ICollisionSpi
    {
        private int _made;
        private int _arrived;

        public TaskCompletionSource All { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>The node's is this; the client, which is made after it, uses none.</summary>
        public ICollisionSpi Next() => Interlocked.Increment(ref _made) == 1 ? this : new Fifo();

        public void OnArrived(IWaitingJob job)
        {
            inner.OnArrived(job);
            if (++_arrived == expected)
            {
                All.SetResult();
            }
        }

        public CollisionDecision Next(IAdmissionRoom room) => inner.Next(room);

        public void OnWithdrawn(IWaitingJob job) => inner.OnWithdrawn(job);

        public void OnEnded(IWaitingJob job) => inner.OnEnded(job);
    }
}
