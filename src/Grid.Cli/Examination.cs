using System.CommandLine;
using System.Globalization;
using Grid.Hosting;

namespace Grid.Cli;

/// <summary>Looks at a cluster from the outside in, and stops where going on makes no sense.</summary>
internal sealed class Examination
{
    private static readonly TimeSpan ClockDifferenceMax = TimeSpan.FromSeconds(2);
    private const int EventsAsked = 1024;
    private const string NotAccepted = "does not accept the secret";
    private static readonly TimeSpan RemovedLately = TimeSpan.FromMinutes(10);
    private readonly List<Finding> _findings = [];

    public IReadOnlyList<Finding> Findings => _findings;

    /// <returns>The exit code.</returns>
    public async Task<int> RunAsync(ClusterOptions cluster, ParseResult parsed, CancellationToken ct)
    {
        var url = cluster.UrlOf(parsed);
        var started = TimeProvider.System.GetTimestamp();
        GridOperator connected;
        try
        {
            // An empty cluster is a finding, not the end.
            connected = await cluster.AwaitAsync(GridOperator.ConnectAsync(url, cluster.For(parsed, ("Client:NeedsMembers", "false")), ct), parsed, ct);
        }
        catch (GridConfigurationException exception)
        {
            _findings.AddRange(exception.Problems.Select(problem => new Finding(FindingResult.Failure, "configuration", "cannot be used", problem)));
            return ExitCode.Usage;
        }
        catch (GridException exception)
        {
            Add(FindingResult.Ok, "configuration", url.Split('?')[0]);
            Add(FindingResult.Failure, "registry", "shows no cluster", exception.Message);
            return ExitCode.NoCluster;
        }

        await using (connected)
        {
            Add(FindingResult.Ok, "configuration", url.Split('?')[0]);
            Add(FindingResult.Ok, "registry", $"answers; connected in {Milliseconds(TimeProvider.System.GetElapsedTime(started))}");
            return await ExamineMembersAsync(connected, ct);
        }
    }

    private async Task<int> ExamineMembersAsync(GridOperator connected, CancellationToken ct)
    {
        var nodes = await Survey.TakeAsync(connected, ct);
        if (nodes.Count == 0)
        {
            Add(FindingResult.Failure, "cluster", "has no members", "Is the cluster's name in the URL right (cluster=...)? Start a worker: grid node --help.");
            return ExitCode.NoCluster;
        }

        Add(FindingResult.Ok, "cluster", $"{Output.Words.Count(nodes.Count, "member")}, {Output.Words.Count(nodes.Sum(node => node.Node.Slots), "slot")}");
        foreach (var node in nodes)
        {
            Examine(node);
        }

        foreach (var complaint in Wellness.Complaints(nodes))
        {
            Add(FindingResult.Warning, "health", "a worker is not well", $"{complaint}. A starved worker: look at its jobs (grid jobs), stop those that hang (grid cancel). A suspect: look at the network between the two.");
        }

        await ExamineEventsAsync(connected, ct);
        ExamineVersions(nodes);
        return nodes.All(node => node.Report is null) ? ExitCode.NoCluster
            : _findings.Exists(finding => finding.Result == FindingResult.Failure) ? ExitCode.Failed : ExitCode.Done;
    }

    private void Examine(SurveyedNode surveyed)
    {
        var (node, report) = (surveyed.Node, surveyed.Report);
        switch (surveyed.Error)
        {
            case AuthenticationException refused:
                // The advice is the same for all of them: once is enough.
                var isFirst = !_findings.Exists(finding => finding.Fact == NotAccepted);
                Add(FindingResult.Failure, node.Name, NotAccepted, isFirst ? $"Set GRID_SECRET to the secret of the cluster, and the same on every worker. {refused.Message}" : null);
                return;
            case { } error:
                var addresses = string.Join(", ", node.Endpoints);
                Add(FindingResult.Failure, node.Name, $"cannot be reached at {addresses}", $"Check that the worker runs, that its address is one that can be reached from here (Communication:Tcp:Advertise), and firewalls. {error.Message}");
                return;
        }

        var clock = surveyed.ClockAhead;
        if (report!.Protocol.Common(ProtocolRange.Current) is null)
        {
            Add(FindingResult.Failure, node.Name, $"speaks protocol {report.Protocol.Oldest} to {report.Protocol.Newest}", "Run the same version of Grid on clients and workers.");
        }
        else if (clock.Duration() > ClockDifferenceMax)
        {
            Add(FindingResult.Warning, node.Name, string.Create(CultureInfo.InvariantCulture, $"its clock is {clock.TotalSeconds:+0.0;-0.0} s from this one"), "Nothing in Grid depends on it; log files are hard to compare. Synchronise the clocks (NTP).");
        }
        else if (node.State != NodeState.Available)
        {
            Add(FindingResult.Warning, node.Name, $"is {node.State.ToString().ToLowerInvariant()}", "It takes no new jobs.");
        }
        else
        {
            Add(FindingResult.Ok, node.Name, $"answers in {Milliseconds(surveyed.Elapsed)}; {report.Active} of {Output.Words.Count(report.Slots, "slot")} busy, {report.Waiting} waiting");
        }
    }

    /// <summary>Who was removed a short while ago is not in the list of members, so only the flight recorders tell.</summary>
    private async Task ExamineEventsAsync(GridOperator connected, CancellationToken ct)
    {
        var answers = await Survey.AskAllAsync(connected, (node, limit) => connected.EventsAsync(node, EventsAsked, limit), ct);
        var failures = from asked in answers
                       from happened in asked.Answer ?? []
                       where happened.Kind == NodeEventKind.Failed && TimeProvider.System.GetUtcNow() - happened.At < RemovedLately
                       group happened by happened.Node into node
                       select node.MaxBy(happened => happened.At)!;
        foreach (var failure in failures.OrderBy(happened => happened.At))
        {
            var ago = Output.Words.Duration(TimeProvider.System.GetUtcNow() - failure.At);
            Add(FindingResult.Warning, failure.Node, $"was removed {ago} ago", $"{failure.Text}. If it was not stopped on purpose, look at its log.");
        }
    }

    private void ExamineVersions(IReadOnlyList<SurveyedNode> nodes)
    {
        var versions = nodes.Where(node => node.Report is not null).Select(node => $"Grid {node.Report!.GridVersion} on {node.Report.RuntimeVersion}").Distinct().Order(StringComparer.Ordinal).ToList();
        if (versions.Count == 1)
        {
            Add(FindingResult.Ok, "versions", versions[0]);
        }
        else if (versions.Count > 1)
        {
            Add(FindingResult.Warning, "versions", $"{versions.Count} different ones", $"{string.Join("; ", versions)}. That works while workers are replaced one after another; do not leave it so.");
        }
    }

    private void Add(FindingResult result, string subject, string fact, string? advice = null) => _findings.Add(new Finding(result, subject, fact, advice));

    private static string Milliseconds(TimeSpan span) => string.Create(CultureInfo.InvariantCulture, $"{span.TotalMilliseconds:0} ms");
}
