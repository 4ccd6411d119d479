using System.CommandLine;
using System.Globalization;
using Grid.Cli.Output;

namespace Grid.Cli.Commands;

/// <summary><c>grid nodes</c>: who is a member, and how busy.</summary>
internal static class NodesCommand
{
    private const string Text =
        """
        List the workers of the cluster in the order in which they joined.

        STATE is the worker's own (available, draining), or starved when its job lanes
        or thread pool get nowhere, suspect when another worker cannot reach it, silent
        when it does not answer from here; why stands below the table.
        RUN and WAIT are the jobs that hold a slot and that wait for one, UP is for
        how long the worker has been running, GRID its version. A worker that does not
        answer is listed without them, and why below the table.

        Examples:
          grid nodes
          grid nodes --connect 'zookeeper://zk1:2181,zk2:2181/grid?cluster=demo'
          grid nodes --json | jq -r '.nodes[] | select(.waiting > 0) | .name'
        """;

    private static readonly string[] Headers = ["NODE", "STATE", "ADDRESS", "SLOTS", "RUN", "WAIT", "UP", "GRID"];

    public static Lesson Create()
    {
        var command = new Command("nodes", "List the workers and how busy they are.");
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
                Listing.PrintJson(new { nodes = nodes.Select(node => ToJson(node, Wellness.StateOf(node, nodes))) });
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
        Listing.PrintTable(Headers, nodes.Select(node => ToRow(node, Wellness.StateOf(node, nodes))));
        foreach (var complaint in Wellness.Complaints(nodes))
        {
            Console.Out.WriteLine(Words.Wrap(complaint));
        }

        foreach (var silent in nodes.Where(node => node.Error is not null))
        {
            Console.Out.WriteLine(Words.Wrap($"{silent.Node.Name}: {silent.Error!.Message}"));
        }
    }

    private static string[] ToRow(SurveyedNode surveyed, string state)
    {
        var (node, report) = (surveyed.Node, surveyed.Report);
        return
        [
            Words.Cut(node.Name, 18), state, Words.Cut(string.Join(',', node.Endpoints), 21), Number(node.Slots), Number(report?.Active), Number(report?.Waiting),
            report is null ? "-" : Words.Duration(report.Uptime), Words.Cut(report?.GridVersion ?? "-", 6),
        ];
    }

    private static string Number(int? number) => number?.ToString(CultureInfo.InvariantCulture) ?? "-";

    private static object ToJson(SurveyedNode surveyed, string condition) => new
    {
        id = surveyed.Node.Id.ToString(),
        surveyed.Node.Name,
        surveyed.Node.Incarnation,
        surveyed.Node.State,
        endpoints = surveyed.Node.Endpoints.Select(endpoint => endpoint.ToString()),
        surveyed.Node.Slots,
        surveyed.Node.Attributes,
        active = surveyed.Report?.Active,
        waiting = surveyed.Report?.Waiting,
        abandoned = surveyed.Report?.Abandoned,
        isAdmissionPaused = surveyed.Report?.IsAdmissionPaused,
        uptimeSeconds = surveyed.Report?.Uptime.TotalSeconds,
        gridVersion = surveyed.Report?.GridVersion,
        runtimeVersion = surveyed.Report?.RuntimeVersion,
        machine = surveyed.Report?.Machine,
        processId = surveyed.Report?.ProcessId,
        condition,
        starvation = surveyed.Report?.Metrics?.Starvation,
        unwell = surveyed.Report?.Unwell.Select(member => new { member.Name, member.Condition, member.Reason }),
        error = surveyed.Error?.Message,
    };
}
