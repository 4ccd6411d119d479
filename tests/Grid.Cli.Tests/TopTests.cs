using Grid.Cli.Top;
using Spectre.Console;

namespace Grid.Cli.Tests;

public sealed class TopTests
{
    private readonly NodeTrack _track = new();

    [Fact]
    public void Loads_are_drawn_as_bars_with_the_latest_on_the_right() =>
        Assert.Equal("    ▁▅█ ", TopScreen.Sparkline([0, 0.5, 1, null]));

    [Fact]
    public void A_job_that_was_abandoned_is_shown_as_such_and_those_left_out_are_counted()
    {
        using var text = new StringWriter();
        var job = new JobReport { Id = new JobId(new NodeId(1), 1), Attempt = 1, Name = "deaf", Submitter = "root", Status = JobStatus.Abandoned, Age = TimeSpan.FromMinutes(2) };

        AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(text) }).Write(TopScreen.Render(new TopFrame([], [("worker-1", job)], 3, [])));

        Assert.Contains("abandoned", text.ToString(), StringComparison.Ordinal);
        Assert.Contains("and 3 younger: grid jobs lists all", text.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Eight_loads_are_kept()
    {
        for (var i = 0; i < 20; i++)
        {
            _track.Add(new NodeMetrics { ProcessLoadRatio = i / 20.0 }, TimeSpan.FromSeconds(i));
        }

        Assert.Equal([12, 13, 14, 15, 16, 17, 18, 19], _track.Loads.Select(load => (int)Math.Round(load!.Value * 20)));
    }

    [Fact]
    public void A_rate_takes_two_sightings_and_spans_the_last_few()
    {
        _track.Add(new NodeMetrics { JobsDone = 100 }, TimeSpan.Zero);
        Assert.Null(_track.JobsPerSecond);

        _track.Add(new NodeMetrics { JobsDone = 120, ForkJoinStolen = 7 }, TimeSpan.FromSeconds(2));
        Assert.Equal(10, _track.JobsPerSecond);
        Assert.Null(_track.StealsPerSecond);

        _track.Add(null, TimeSpan.FromSeconds(4));
        _track.Add(new NodeMetrics { JobsDone = 180, ForkJoinStolen = 7 }, TimeSpan.FromSeconds(8));
        Assert.Equal(10, _track.JobsPerSecond);
        Assert.Equal(0, _track.StealsPerSecond);
    }

    [Fact]
    public void Steals_are_shown_with_how_often_they_succeed()
    {
        _track.Add(new NodeMetrics { ForkJoinAsks = 10, ForkJoinAsksMet = 2, ForkJoinBytes = 1000 }, TimeSpan.Zero);
        Assert.Null(_track.AsksMetRatio);

        _track.Add(new NodeMetrics { ForkJoinAsks = 30, ForkJoinAsksMet = 7, ForkJoinBytes = 5000 }, TimeSpan.FromSeconds(2));

        Assert.Equal((10.0, 0.25, 2000.0), (_track.AsksPerSecond, _track.AsksMetRatio, _track.StealBytesPerSecond));
    }
}
