using System.CommandLine;
using Grid.Cli.Output;

namespace Grid.Cli.Commands;

/// <summary><c>grid cancel</c>: ends a job that somebody submitted.</summary>
internal static class CancelCommand
{
    private const string Text =
        """
        Cancel a job, whoever submitted it.

        A job that waits ends at once. One that runs has its cancellation token
        cancelled. When its code has ended, its submitter gets an
        OperationCanceledException that names you; it is not tried again. Code that
        does not look at its token goes on: after Grid:Compute:CancelGrace its
        submitter is told all the same, and grid jobs shows it as abandoned.

        Examples:
          grid jobs
          grid cancel 5f3a09c2-17
        """;

    public static Lesson Create()
    {
        var command = new Command("cancel", "Cancel a job, whoever submitted it.");
        var cluster = new ClusterOptions();
        var job = new Argument<string>("job") { Description = "The job as grid jobs shows it." };
        command.Add(job);
        cluster.AddTo(command);
        command.SetVerb(async (parsed, ct) =>
        {
            await using var connected = await cluster.ConnectAsync(parsed, ct);
            var wanted = parsed.GetRequiredValue(job);
            var nodes = await Survey.TakeAsync(connected, ct);
            var found = nodes.SelectMany(node => node.Report?.Jobs.Where(candidate => candidate.Id.ToString() == wanted).Select(report => (node.Node, Job: report)) ?? []).ToList();
            if (found.Select(hit => hit.Job.Id).Distinct().Count() > 1)
            {
                // The first digits of two submitters are equal: one in four thousand million pairs.
                throw new UsageException($"{wanted} is more than one job: {string.Join(", ", found.Select(hit => $"{hit.Job.Id.Submitter}-{hit.Job.Id.Number} by {hit.Job.Submitter}"))}.");
            }

            var cancelled = 0;
            foreach (var (node, report) in found)
            {
                cancelled += await connected.CancelAsync(node, report.Id, ct);
                Console.Out.WriteLine($"{wanted} ({(report.Name.Length > 0 ? report.Name : "no name")}) is cancelled on {node.Name}");
            }

            if (cancelled == 0)
            {
                await Console.Error.WriteLineAsync(Words.Wrap($"No job {wanted} is on any of {Words.Count(nodes.Count, "worker")}: it has ended, or it was never there. grid jobs lists what there is."));
            }

            return cancelled > 0 ? ExitCode.Done : ExitCode.Failed;
        });
        return new Lesson(command, Text);
    }
}
