using System.CommandLine;
using Grid.Cli.Output;
using Grid.Hosting;

namespace Grid.Cli.Commands;

/// <summary><c>grid drain</c>: takes a worker out of service, for a while or for good.</summary>
internal static class DrainCommand
{
    private const string Text =
        """
        Take a worker out of service.

        It takes no new jobs, and everybody sees it as draining. What runs on it ends
        as always; what waits goes back to its submitters, which place it elsewhere.
        With --stop it leaves the cluster and its process ends when the last job has
        ended. --undo makes it take jobs again.

        --until-idle waits until nothing runs on it any more (with --stop: until it
        has left), and gives up with exit code 1 after that many seconds.

        Examples:
          grid drain worker-3 --until-idle 600 && ssh host-3 sudo reboot
          grid drain worker-3 --stop
          grid drain worker-3 --undo
        """;

    private const string NodeIdle = "is idle";
    private const string NodeLeft = "has left the cluster";

    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(250);

    public static Lesson Create()
    {
        var command = new Command("drain", "Take a worker out of service.");
        var cluster = new ClusterOptions();
        var node = new Argument<string>("node") { Description = "The worker's name as grid nodes shows it, or its id." };
        var stop = new Option<bool>("--stop") { Description = "Stop it when it is idle." };
        var undo = new Option<bool>("--undo") { Description = "Let it take jobs again." };
        var patience = SecondsOption.Make("--until-idle", 0, 86400, "Wait for at most that long, 0 to 86400.");
        command.Validators.Add(result =>
        {
            if (result.GetValue(undo) && (result.GetValue(stop) || result.GetValue(patience) is not null))
            {
                result.AddError("--undo goes with neither --stop nor --until-idle.");
            }
        });
        command.Add(node);
        command.Add(stop);
        command.Add(undo);
        command.Add(patience);
        cluster.AddTo(command);
        command.SetVerb(async (parsed, ct) =>
        {
            await using var connected = await cluster.ConnectAsync(parsed, ct);
            var target = Find(connected, parsed.GetRequiredValue(node));
            if (parsed.GetValue(undo))
            {
                return Say(target, await connected.ResumeAsync(target, ct), "takes jobs again");
            }

            var code = parsed.GetValue(stop)
                ? Say(target, await connected.DrainAndStopAsync(target, ct), "drains, and then stops")
                : Say(target, await connected.DrainAsync(target, ct), "is draining");
            return code != ExitCode.Done || parsed.GetValue(patience) is not { } seconds ? code
                : await WaitAsync(connected, target, parsed.GetValue(stop) ? NodeLeft : NodeIdle, TimeSpan.FromSeconds(seconds), ct);
        });
        return new Lesson(command, Text);
    }

    private static NodeInfo Find(GridOperator cluster, string wanted)
    {
        var members = cluster.Grid.Topology.Current.Nodes;
        var named = members.Where(node => node.Name == wanted || node.Id.ToString() == wanted).ToList();
        return named.Count == 1 ? named[0]
            : throw new UsageException(named.Count == 0
                ? $"No worker is named {wanted}. There are: {string.Join(", ", members.Select(node => Words.Cut(node.Name, 40)).Take(20))}."
                : $"{Words.Count(named.Count, "worker")} are named {wanted}: give the id, {string.Join(" or ", named.Select(node => node.Id))}.");
    }

    private static int Say(NodeInfo target, string? refusal, string done)
    {
        if (refusal is null)
        {
            Console.Out.WriteLine($"{target.Name} {done}");
            return ExitCode.Done;
        }

        Console.Error.WriteLine(Words.Wrap($"{target.Name} refuses: {refusal}"));
        return ExitCode.Failed;
    }

    private static async Task<int> WaitAsync(GridOperator cluster, NodeInfo target, string wanted, TimeSpan patience, CancellationToken ct)
    {
        var started = TimeProvider.System.GetTimestamp();
        using var timer = new PeriodicTimer(Period);
        while (true)
        {
            var (jobs, silence) = await CountJobsAsync(cluster, target, ct);
            var state = cluster.Grid.Topology.Current.Find(target.Id) is null ? NodeLeft : jobs == 0 ? NodeIdle : "";
            if (state == wanted || state == NodeLeft)
            {
                Console.Out.WriteLine($"{target.Name} {state}");
                return ExitCode.Done;
            }

            if (TimeProvider.System.GetElapsedTime(started) >= patience)
            {
                await Console.Error.WriteLineAsync(silence is null ? $"{target.Name} still has {Words.Count(jobs, "job")}" : Words.Wrap(silence));
                return ExitCode.Failed;
            }

            await timer.WaitForNextTickAsync(ct);
        }
    }

    /// <summary>How many jobs are on a worker, none when it is no member, or why it does not say: one that is leaving closes its links before the registry has taken it out.</summary>
    private static async Task<(int Jobs, string? Silence)> CountJobsAsync(GridOperator cluster, NodeInfo target, CancellationToken ct)
    {
        if (cluster.Grid.Topology.Current.Find(target.Id) is null)
        {
            return (0, null);
        }

        try
        {
            return ((await cluster.ReportAsync(target, ct)).JobCount, null);
        }
        catch (CommunicationException exception)
        {
            return (-1, exception.Message);
        }
    }
}
