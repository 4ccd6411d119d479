using Grid.Collision;
using Grid.Spi;
using Grid.Testing;

namespace Grid.Hosting.Tests.Collision;

public sealed class PriorityConformanceTests : CollisionConformance
{
    [Fact]
    public void The_most_urgent_job_goes_first()
    {
        var node = Node(slots: 1);
        var jobs = new[] { 0, 5, -3, 5, 1 }.Select(priority => node.Arrive(new JobOptions { Priority = priority })).ToList();

        DrainTo(node, 0);

        Assert.Equal([jobs[1], jobs[3], jobs[4], jobs[0], jobs[2]], node.Started);
    }

    [Theory]
    [InlineData(29, "urgent")]
    [InlineData(31, "patient")]
    public void A_job_that_has_waited_three_steps_goes_before_one_of_three_more(int seconds, string first)
    {
        var node = Node(slots: 1);
        node.Arrive(new JobOptions { Tenant = "patient" });
        node.Now = TimeSpan.FromSeconds(seconds);
        node.Arrive(new JobOptions { Tenant = "urgent", Priority = 3 });

        node.Pump();

        Assert.Equal(first, node.Started[0].Tenant);
    }

    [Fact]
    public void A_stream_of_urgent_jobs_holds_another_up_for_no_longer_than_its_lead()
    {
        var node = Node(slots: 1);
        var patient = node.Arrive(new JobOptions());
        for (var second = 0; second < 60 && !node.Started.Contains(patient); second++)
        {
            node.Now = TimeSpan.FromSeconds(second);
            node.Arrive(new JobOptions { Priority = 3 });
            EndOldest(node);
            node.Pump();
        }

        Assert.Contains(patient, node.Started);
        Assert.InRange(node.Now, TimeSpan.FromSeconds(29), TimeSpan.FromSeconds(32));
    }

    [Fact]
    public void The_extremes_of_priority_and_step_do_not_overflow()
    {
        var node = new CollisionSimulation(new Priority(new PriorityOptions { Step = TimeSpan.FromHours(1) }), slots: 1, ResourceAmounts.None) { Now = TimeSpan.FromDays(36_500) };
        var last = node.Arrive(new JobOptions { Priority = JobOptions.PriorityMin });
        var first = node.Arrive(new JobOptions { Priority = JobOptions.PriorityMax });

        DrainTo(node, 0);

        Assert.Equal([first, last], node.Started);
    }

    protected override ICollisionSpi Create() => new Priority(new PriorityOptions { Step = TimeSpan.FromSeconds(10) });
}
