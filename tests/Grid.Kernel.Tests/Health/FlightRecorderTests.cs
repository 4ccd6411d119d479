using Grid.Kernel.Gossip;
using Grid.Kernel.Health;
using Grid.Testing;

namespace Grid.Kernel.Tests.Health;

public sealed class FlightRecorderTests
{
    private readonly ManualTimeProvider _time = new();

    [Fact]
    public void The_oldest_events_make_room_and_their_numbers_show_it()
    {
        var recorder = new FlightRecorder(_time, 16);
        for (var i = 1; i <= 20; i++)
        {
            recorder.Record(NodeEventKind.Joined, "n", $"{i}");
        }

        Assert.Equal(Enumerable.Range(5, 16).Select(i => ((long)i, $"{i}")), recorder.All.Select(happened => (happened.Number, happened.Text)));
    }

    [Fact]
    public void Many_jobs_do_not_wash_out_what_happened_to_nodes()
    {
        var recorder = new FlightRecorder(_time, 16);
        recorder.Record(NodeEventKind.Failed, "n1", "n1 was removed");
        for (var i = 1; i <= 1000; i++)
        {
            recorder.Record(NodeEventKind.JobStarted, new JobId(new NodeId(1), i), 1, "client", "began");
        }

        Assert.Equal("n1 was removed", recorder.All[0].Text);
        Assert.Equal(17, recorder.All.Count);
    }

    [Fact]
    public void The_events_of_a_job_are_found_by_its_id_in_order_of_time()
    {
        var recorder = new FlightRecorder(_time, 16);
        var job = new JobId(new NodeId(1), 7);
        recorder.Record(NodeEventKind.JobAccepted, job, 1, "client", "came");
        _time.Advance(TimeSpan.FromSeconds(2));
        recorder.Record(NodeEventKind.JobStarted, job with { Number = 8 }, 1, "client", "another");
        recorder.Record(NodeEventKind.JobStarted, job, 1, "client", "began");

        var events = recorder.Of(job.ToString());

        Assert.Equal(["came", "began"], events.Select(happened => happened.Text));
        Assert.Equal(TimeSpan.FromSeconds(2), events[1].Uptime - events[0].Uptime);
    }

    [Fact]
    public void A_row_names_eight_members_and_counts_all()
    {
        var sample = new MetricSample();
        NodeId[] all = [.. Enumerable.Range(1, 12).Select(i => new NodeId((UInt128)i << 70))];

        ReachabilityRow.Write(sample, all);
        var metrics = MetricSample.ToMetrics(sample.Values);

        Assert.Equal(12, metrics.UnreachablePeers);
        Assert.Equal(Enumerable.Repeat(true, 8).Concat(Enumerable.Repeat(false, 4)), all.Select(id => ReachabilityRow.Names(metrics.UnreachableMarks, id)));
    }
}
