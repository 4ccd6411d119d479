using System.CommandLine;
using Grid.Cli.Output;
using Grid.Cli.Top;
using Spectre.Console;

namespace Grid.Cli.Commands;

/// <summary><c>grid top</c>: the cluster as it works.</summary>
internal static class TopCommand
{
    private const string Text =
        """
        Show the workers as they work, until Ctrl+C: their state, how many of their
        slots are busy and how many jobs wait, the load that they put on their machines
        now and lately, their memory, the jobs that end per second, the fork/join tasks
        that they take from each other; below it the oldest jobs and the latest events.

        Where the output is not a terminal, or with --once, it is printed once.

        STATE is the worker's own (available, draining), or starved when its job lanes
        or thread pool get nowhere, suspect when another worker cannot reach it, silent
        when it does not answer from here.

        Examples:
          grid top
          grid top --refresh 0.5
          grid top --once
          grid top --json | jq '.nodes[] | {name, jobsPerSecond}'
        """;

    private static readonly TimeSpan LookApart = TimeSpan.FromSeconds(1);

    public static Lesson Create()
    {
        var command = new Command("top", "Show the workers as they work.");
        var cluster = new ClusterOptions();
        var json = new Option<bool>("--json") { Description = "Print JSON for programs, once." };
        var once = new Option<bool>("--once") { Description = "Print once and end." };
        var refresh = SecondsOption.Make("--refresh", 0.2, 3600, "Time between two looks, 0.2 to 3600.", 2);
        cluster.AddTo(command);
        command.Add(json);
        command.Add(once);
        command.Add(refresh);
        command.SetVerb(async (parsed, ct) =>
        {
            await using var connected = await cluster.ConnectAsync(parsed, ct);
            var watch = new TopWatch(connected);
            if (parsed.GetValue(json))
            {
                Listing.PrintJson(ToJson(await LookTwiceAsync(watch, ct)));
            }
            else if (parsed.GetValue(once) || Console.IsOutputRedirected)
            {
                Listing.Print(TopScreen.Render(await LookTwiceAsync(watch, ct)));
            }
            else
            {
                await ShowAsync(watch, TimeSpan.FromSeconds(parsed.GetRequiredValue(refresh)!.Value), ct);
            }

            return ExitCode.Done;
        });
        return new Lesson(command, Text);
    }

    /// <summary>A rate takes two looks.</summary>
    private static async Task<TopFrame> LookTwiceAsync(TopWatch watch, CancellationToken ct)
    {
        await watch.LookAsync(ct);
        await Task.Delay(LookApart, TimeProvider.System, ct);
        return await watch.LookAsync(ct);
    }

    private static async Task ShowAsync(TopWatch watch, TimeSpan period, CancellationToken ct)
    {
        var console = Listing.MakeConsole();
        using var timer = new PeriodicTimer(period);
        try
        {
            await console.Live(TopScreen.Render(await watch.LookAsync(ct))).AutoClear(false).Overflow(VerticalOverflow.Ellipsis).StartAsync(async live =>
            {
                live.Refresh();
                while (await timer.WaitForNextTickAsync(ct))
                {
                    live.UpdateTarget(TopScreen.Render(await watch.LookAsync(ct)));
                }
            });
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // Ctrl+C is how it is meant to end.
        }
    }

    private static object ToJson(TopFrame frame) => new
    {
        nodes = frame.Nodes.Select(node => new
        {
            node.Surveyed.Node.Name,
            node.State,
            slots = node.Surveyed.Node.Slots,
            active = node.Surveyed.Report?.Active,
            waiting = node.Surveyed.Report?.Waiting,
            jobsPerSecond = node.Track.JobsPerSecond,
            stealsPerSecond = node.Track.StealsPerSecond,
            metrics = node.Surveyed.Report?.Metrics,
            error = node.Surveyed.Error?.Message,
        }),
        jobs = frame.Jobs.Select(pair => new { id = pair.Job.Id.ToString(), pair.Node, pair.Job.Name, pair.Job.Submitter, ageSeconds = pair.Job.Age.TotalSeconds, pair.Job.Status }),
        events = frame.Events,
    };
}
