using System.Runtime.CompilerServices;
using Grid.Collision;
using Grid.Spi;
using Grid.Testing;

namespace Grid.Hosting.Tests.Collision;

public sealed class FifoConformanceTests : CollisionConformance
{
    [Fact]
    public void Nothing_that_a_submitter_says_changes_the_order()
    {
        var node = Node(slots: 1);
        var first = node.Arrive(new JobOptions { Priority = -5, Tenant = "a" });
        var second = node.Arrive(new JobOptions { Priority = 9, Tenant = "b" });

        DrainTo(node, 0);

        Assert.Equal([first, second], node.Started);
    }

    /// <summary>More needs than have lines of their own: none is forgotten, and those that need nothing pass.</summary>
    [Fact]
    public void A_hundred_different_needs_are_all_served()
    {
        var node = new CollisionSimulation(Create(), slots: 2, ResourceAmounts.Of(("gpu", 1000)));
        var holder = node.Arrive(new JobOptions { Resources = ResourceAmounts.Of(("gpu", 1000)) });
        node.Pump();
        for (var amount = 1; amount <= 100; amount++)
        {
            node.Arrive(new JobOptions { Resources = ResourceAmounts.Of(("gpu", amount)) });
        }

        var free = node.Arrive(new JobOptions());
        node.Pump();
        Assert.Equal([holder, free], node.Started);

        DrainTo(node, 0);
        Assert.Equal(102, node.Started.Count);
        Assert.Equal(Enumerable.Range(1, 60), node.Started.Skip(2).Take(60).Select(job => job.Resources["gpu"]));
    }

    /// <summary>Whoever keeps a job keeps its code loaded.</summary>
    [Fact]
    public void A_job_that_was_started_is_not_kept()
    {
        var provider = Create();
        var started = StartOne(provider);

        GC.Collect();

        Assert.False(started.IsAlive);
        GC.KeepAlive(provider);
    }

    protected override ICollisionSpi Create() => new Fifo();

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference StartOne(ICollisionSpi provider)
    {
        var node = new CollisionSimulation(provider, slots: 1, ResourceAmounts.Of(("gpu", 1)));
        var job = node.Arrive(new JobOptions { Resources = ResourceAmounts.Of(("gpu", 1)) });
        node.Pump();
        node.End(job);
        return new WeakReference(job);
    }
}
