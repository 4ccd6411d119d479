using System.Runtime.CompilerServices;
using Grid.Spi;
using Xunit;

namespace Grid.Testing;

/// <summary>What every collision provider must do; derive a test class from it.</summary>
public abstract class CollisionConformance
{
    private static readonly ResourceAmounts Devices = ResourceAmounts.Of(("gpu", 4), ("license", 2));

    /// <summary>Makes a provider for one node.</summary>
    protected abstract ICollisionSpi Create();

    /// <summary>Whether it may let jobs wait although slots and all that they need are free; false (default) for a provider that is to keep the node busy.</summary>
    protected virtual bool MayDefer => false;

    /// <summary>A job that can start does.</summary>
    [Fact]
    public void A_lone_job_starts_at_once_unless_the_provider_defers()
    {
        var node = Node(slots: 1);
        var job = node.Arrive(new JobOptions());

        node.Pump();

        Assert.True(MayDefer || node.Started.SequenceEqual([job]) || node.Refused.Count == 1);
    }

    /// <summary>Nothing is decided on twice, and nothing is forgotten.</summary>
    [Fact]
    public void Every_job_is_activated_or_refused_once()
    {
        var node = Node(slots: 3);
        for (var i = 0; i < 200; i++)
        {
            node.Arrive(Any(new Random(i)));
        }

        DrainTo(node, 0);

        Assert.Equal(200, node.Started.Count + node.Refused.Count);
        Assert.Equal(200, node.Started.Concat(node.Refused.Select(refusal => refusal.Job)).Distinct().Count());
    }

    /// <summary>Jobs of one kind keep their order: nobody can tell why they should not.</summary>
    [Fact]
    public void Jobs_that_are_alike_start_in_the_order_of_arrival()
    {
        var node = Node(slots: 1);
        var jobs = Enumerable.Range(0, 50).Select(_ => node.Arrive(new JobOptions())).ToList();

        DrainTo(node, 0);

        Assert.Equal(jobs.Except(node.Refused.Select(refusal => refusal.Job)), node.Started);
    }

    /// <summary>A cancelled job that waits never starts, wherever it stands.</summary>
    [Fact]
    public void A_withdrawn_job_never_starts()
    {
        var node = Node(slots: 2);
        var jobs = Enumerable.Range(0, 300).Select(i => node.Arrive(Any(new Random(i)))).ToList();
        foreach (var job in jobs.Where((_, index) => index % 3 != 1))
        {
            node.Withdraw(job);
        }

        DrainTo(node, 0);

        Assert.DoesNotContain(node.Started, job => job.IsWithdrawn);
        Assert.Equal(100, node.Started.Count + node.Refused.Count);
    }

    /// <summary>A large need is not put off for ever by small ones.</summary>
    [Fact]
    public void Many_small_needs_do_not_starve_a_large_one()
    {
        var node = Node(slots: 8);
        var small = new JobOptions { Resources = ResourceAmounts.Of(("gpu", 1)) };
        for (var i = 0; i < 4; i++)
        {
            node.Arrive(small);
        }

        node.Pump();
        var large = node.Arrive(new JobOptions { Resources = ResourceAmounts.Of(("gpu", 4)) });
        for (var i = 0; i < 500 && !node.Started.Contains(large) && node.Refused.Count == 0; i++)
        {
            node.Now += TimeSpan.FromSeconds(1);
            node.Arrive(small);
            node.Pump();
            EndOldest(node);
        }

        Assert.True(node.Refused.Count > 0 || node.Started.Contains(large), "500 small jobs overtook it");
    }

    /// <summary>Who needs nothing does not wait for those who do.</summary>
    [Fact]
    public void A_job_that_needs_nothing_passes_those_that_wait_for_a_device()
    {
        var node = Node(slots: 3);
        node.Arrive(new JobOptions { Resources = ResourceAmounts.Of(("gpu", 4)) });
        node.Arrive(new JobOptions { Resources = ResourceAmounts.Of(("gpu", 4)) });
        var free = node.Arrive(new JobOptions());

        node.Pump();

        Assert.True(MayDefer || node.Refused.Count > 0 || node.Started.Contains(free));
    }

    /// <summary>What it holds is in proportion to what waits, not to what ever came.</summary>
    [Fact]
    public void Jobs_that_come_and_are_withdrawn_leave_nothing_behind()
    {
        var node = Node(slots: 1);
        node.Arrive(new JobOptions());
        node.Pump();
        var came = new List<WeakReference>();
        for (var round = 0; round < 200; round++)
        {
            came.AddRange(ComeAndGo(node, 100, round));
        }

        GC.Collect();
        var kept = came.Count(job => job.IsAlive);

        Assert.True(kept < 1_000, $"{kept} of {came.Count} jobs that came and went are still held");
        GC.KeepAlive(node);
    }

    /// <summary>Any order of events; the simulation checks every decision.</summary>
    [Fact]
    public void Seeded_sequences_of_events_break_no_rule()
    {
        for (var seed = 0; seed < 40; seed++)
        {
            var random = new Random(seed);
            var node = Node(slots: 1 + random.Next(5));
            for (var step = 0; step < 500; step++)
            {
                Act(node, random);
                var isStuck = node.Pump() == 0 && node.Active == 0 && node.Waiting > 0;
                Assert.False(isStuck && !MayDefer, $"seed {seed}, step {step}: {node.Waiting} jobs wait on an idle node");
                Assert.False(!MayDefer && node.Active < node.Slots && node.WaitingJobs.Any(job => job.Resources.Count == 0), $"seed {seed}, step {step}: a slot is free and a job that needs nothing waits");
            }

            DrainTo(node, 0);
            Assert.True(node.Waiting == 0, $"seed {seed}: {node.Waiting} jobs were forgotten");
        }
    }

    /// <summary>Starts and ends jobs until no more than that many wait.</summary>
    /// <param name="node">The node.</param>
    /// <param name="waiting">How many may be left.</param>
    protected static void DrainTo(CollisionSimulation node, int waiting)
    {
        ArgumentNullException.ThrowIfNull(node);
        for (var idle = 0; node.Waiting > waiting; idle = node.Pump() > 0 ? 0 : idle + 1)
        {
            Assert.True(idle < 10_000, $"{node.Waiting} jobs wait, {node.Active} of {node.Slots} slots are taken, and the provider starts none");
            node.Now += TimeSpan.FromMilliseconds(10);
            EndOldest(node);
        }
    }

    /// <summary>The job that has run for longest ends.</summary>
    /// <param name="node">The node.</param>
    protected static void EndOldest(CollisionSimulation node)
    {
        ArgumentNullException.ThrowIfNull(node);
        if (node.Active > 0)
        {
            node.End(node.ActiveJobs[0]);
        }
    }

    /// <summary>A node with that provider.</summary>
    /// <param name="slots">Its slots.</param>
    protected CollisionSimulation Node(int slots) => new(Create(), slots, Devices);

    private static void Act(CollisionSimulation node, Random random)
    {
        node.Now += TimeSpan.FromMilliseconds(random.Next(200));
        switch (random.Next(5))
        {
            case 0 or 1:
                node.Arrive(Any(random));
                break;
            case 2 when node.Active > 0:
                node.End(node.ActiveJobs[random.Next(node.Active)]);
                break;
            case 3 when node.Waiting > 0:
                node.Withdraw(node.WaitingJobs.ElementAt(random.Next(node.Waiting)));
                break;
            default:
                EndOldest(node);
                break;
        }
    }

    // A frame of its own, so that nothing here holds the jobs.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static List<WeakReference> ComeAndGo(CollisionSimulation node, int jobs, int round)
    {
        var came = Enumerable.Range(0, jobs).Select(i => node.Arrive(new JobOptions { Tenant = $"tenant {round}-{i}", Pool = $"pool {round}-{i}", Priority = i })).ToList();
        came.ForEach(node.Withdraw);
        return [.. came.Select(job => new WeakReference(job))];
    }

    private static JobOptions Any(Random random) => new()
    {
        Priority = random.Next(4) == 0 ? random.Next(-5, 6) : 0,
        Tenant = random.Next(3) == 0 ? null : $"tenant {random.Next(4)}",
        Pool = random.Next(3) == 0 ? null : $"pool {random.Next(3)}",
        Resources = random.Next(4) switch
        {
            0 => ResourceAmounts.Of(("gpu", random.Next(1, 5))),
            1 when random.Next(2) == 0 => ResourceAmounts.Of(("gpu", random.Next(1, 5)), ("license", random.Next(1, 3))),
            _ => ResourceAmounts.None,
        },
    };
}
