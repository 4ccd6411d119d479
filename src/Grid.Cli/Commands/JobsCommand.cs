using System.CommandLine;
using Grid.Cli.Output;

namespace Grid.Cli.Commands;

/// <summary><c>grid jobs</c>: what runs and what waits, and where.</summary>
internal static class JobsCommand
{
    private const string Text =
        """
        List the jobs that are on the workers, the oldest of each first.

        NAME is JobOptions.Name, or the job's method; a job that waits and was given
        no name has none. JOB is what grid cancel takes. AGE is for how long the
        attempt has been on the worker. A worker reports at most 1,000. An abandoned
        job was cancelled and goes on all the same, in its slot.

        Examples:
          grid jobs
          grid jobs --json | jq '[.jobs[] | select(.ageSeconds > 3600)] | length'
        """;

    private static readonly string[] Headers = ["NODE", "JOB", "NAME", "SUBMITTER", "AGE", "STATE"];

    public static Lesson Create()
    {
        var command = new Command("jobs", "List what runs and what waits, and where.");
        var cluster = new ClusterOptions();
        var json = new Option<bool>("--json") { Description = "Print JSON for programs." };
        cluster.AddTo(command);
        command.Add(json);
        command.SetVerb(async (parsed, ct) =>
        {
            await using var connected = await cluster.ConnectAsync(parsed, ct);
            var nodes = await Survey.TakeAsync(connected, ct);
            if (parsed.GetValue(json))
            {
                Listing.PrintJson(new { jobs = nodes.SelectMany(ToJson), silent = nodes.Where(node => node.Error is not null).Select(node => new { node.Node.Name, error = node.Error!.Message }) });
            }
            else
            {
                Print(nodes);
            }

            return ExitCode.Done;
        });
        return new Lesson(command, Text);
    }

    private static void Print(IReadOnlyList<SurveyedNode> nodes)
    {
        var rows = nodes.SelectMany(node => node.Report?.Jobs.Select(job => ToRow(node, job)) ?? []).ToList();
        if (rows.Count == 0)
        {
            Console.Out.WriteLine($"no jobs on {Words.Count(nodes.Count, "worker")}");
        }
        else
        {
            Listing.PrintTable(Headers, rows);
        }

        foreach (var node in nodes)
        {
            if (node.Error is { } error)
            {
                Console.Out.WriteLine(Words.Wrap($"{node.Node.Name}: {error.Message}"));
            }
            else if (node.Report!.JobCount > node.Report.Jobs.Length)
            {
                Console.Out.WriteLine($"{node.Node.Name} has {Words.Count(node.Report.JobCount - node.Report.Jobs.Length, "job")} more");
            }
        }
    }

    private static string[] ToRow(SurveyedNode node, JobReport job) =>
    [
        Words.Cut(node.Node.Name, 14), job.Id.ToString(), Words.Cut(job.Name.Length > 0 ? job.Name : "-", 18), Words.Cut(job.Submitter, 15), Words.Duration(job.Age),
        Words.Of(job.Status),
    ];

    private static IEnumerable<object> ToJson(SurveyedNode surveyed) => surveyed.Report?.Jobs.Select(job => (object)new
    {
        id = job.Id.ToString(),
        submitterId = job.Id.Submitter.ToString(),
        job.Id.Number,
        job.Attempt,
        job.Name,
        job.Submitter,
        job.Status,
        ageSeconds = job.Age.TotalSeconds,
        node = surveyed.Node.Name,
    }) ?? [];
}
