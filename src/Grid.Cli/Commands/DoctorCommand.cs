using System.CommandLine;
using Grid.Cli.Output;

namespace Grid.Cli.Commands;

/// <summary><c>grid doctor</c>: what is wrong, and what to do.</summary>
internal static class DoctorCommand
{
    private const string Text =
        """
        Check the cluster from here: the configuration, the registry and how fast it
        answers, the members, and for each worker whether it can be reached, accepts
        the secret, speaks this protocol, and tells the same time. For everything that
        is wrong it says what to do.

        Exit codes: 0 all is well, 1 a worker is not, 2 the configuration cannot be
        used, 3 no cluster is reachable.

        Examples:
          grid doctor
          grid doctor --connect 'zookeeper://zk1:2181/grid?cluster=demo' --wait 5
          grid doctor --json | jq '.checks[] | select(.result != "ok")'
        """;

    public static Lesson Create()
    {
        var command = new Command("doctor", "Check the cluster from here, and say what to do.");
        var cluster = new ClusterOptions();
        var json = new Option<bool>("--json") { Description = "Print JSON for programs." };
        cluster.AddTo(command);
        command.Add(json);
        command.SetVerb(async (parsed, ct) =>
        {
            var examination = new Examination();
            var code = await examination.RunAsync(cluster, parsed, ct);
            if (parsed.GetValue(json))
            {
                Listing.PrintJson(new { checks = examination.Findings });
            }
            else
            {
                Print(examination.Findings);
            }

            return code;
        });
        return new Lesson(command, Text);
    }

    private static void Print(IReadOnlyList<Finding> findings)
    {
        foreach (var finding in findings)
        {
            var mark = finding.Result switch { FindingResult.Ok => "ok   ", FindingResult.Warning => "warn ", _ => "FAIL " };
            Console.Out.WriteLine($"{mark} {Words.Cut(finding.Subject, 20),-20} {Words.Cut(finding.Fact, Words.Columns - 27)}");
            if (finding.Advice is { } advice)
            {
                foreach (var line in Words.Wrap($"      {advice}").Split(Environment.NewLine))
                {
                    Console.Out.WriteLine(line);
                }
            }
        }
    }
}
