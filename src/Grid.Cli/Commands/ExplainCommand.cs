using System.CommandLine;
using System.Globalization;
using Grid.Cli.Output;
using Grid.Hosting;

namespace Grid.Cli.Commands;

/// <summary><c>grid explain</c>: why a job is where it is.</summary>
internal static class ExplainCommand
{
    private const string Text =
        """
        Say why a job is where it is: what it waits for, which attempts failed and
        why, and which workers it may not go to.

        All workers are asked. One that has a link to the job's submitter asks it too,
        so a client is heard as long as some worker works for it. Below is what the
        flight recorders of the workers have of the job: refusals and failed attempts
        of every job, and each step of one that was submitted with a handle
        (SubmitAsync, grid run).

        Exit codes: 0 somebody knows the job, 1 nobody does.

        Examples:
          grid explain 5f3a09c2-17
          grid explain 5f3a09c2-17 --json | jq -r '.submitter[]'
        """;

    public static Lesson Create()
    {
        var command = new Command("explain", "Say why a job is where it is.");
        var cluster = new ClusterOptions();
        var job = new Argument<string>("job") { Description = "The job as grid jobs shows it." };
        var json = new Option<bool>("--json") { Description = "Print JSON for programs." };
        command.Add(job);
        cluster.AddTo(command);
        command.Add(json);
        command.SetVerb(async (parsed, ct) =>
        {
            await using var connected = await cluster.ConnectAsync(parsed, ct);
            var wanted = parsed.GetRequiredValue(job);
            var inquest = await AskAsync(connected, wanted, ct);
            if (parsed.GetValue(json))
            {
                Listing.PrintJson(new { job = wanted, inquest.Submitter, inquest.Here, inquest.Events, inquest.Silent });
            }
            else
            {
                Print(wanted, inquest);
            }

            return inquest.IsKnown ? ExitCode.Done : ExitCode.Failed;
        });
        return new Lesson(command, Text);
    }

    private static async Task<Inquest> AskAsync(GridOperator connected, string wanted, CancellationToken ct)
    {
        try
        {
            return new Inquest(await Survey.AskAllAsync(connected, (node, limit) => connected.ExplainAsync(node, wanted, limit), ct));
        }
        catch (ArgumentException)
        {
            throw new UsageException($"'{wanted}' is not a job: grid jobs lists them, for example 5f3a09c2-17.");
        }
    }

    private static void Print(string wanted, Inquest inquest)
    {
        foreach (var sentence in inquest.Submitter.Concat(inquest.Here))
        {
            Console.Out.WriteLine(Words.Wrap(sentence));
        }

        if (inquest.Events.Count > 0)
        {
            Console.Out.WriteLine();
            foreach (var happened in inquest.Events)
            {
                Console.Out.WriteLine(Words.Wrap(string.Create(CultureInfo.InvariantCulture, $"{happened.Event.At.ToLocalTime():HH:mm:ss.fff}  {happened.Recorder}: {Words.Cut(happened.Event.Text, 400)}")));
            }
        }

        if (!inquest.IsKnown)
        {
            Console.Error.WriteLine(Words.Wrap($"None of {Words.Count(inquest.Asked, "worker")} knows job {wanted}: it has ended, or it was never there. grid jobs lists what there is."));
        }

        foreach (var silent in inquest.Silent)
        {
            Console.Error.WriteLine(Words.Wrap(silent));
        }
    }
}
