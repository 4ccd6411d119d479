using System.Globalization;
using Grid.Cli.Output;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Grid.Cli.Top;

/// <summary>Lays a frame out for a terminal of 80 columns.</summary>
internal static class TopScreen
{
    private const string Bars = "▁▂▃▄▅▆▇█";
    private static readonly string[] NodeHeaders = ["NODE", "STATE", "RUN", "WAIT", "CPU", "LOAD", "MEM", "JOBS/S"];
    private static readonly string[] ForkJoinHeaders = ["FORK/JOIN", "STEAL/S", "ASK/S", "MET", "SENT/S", "AGAIN", "DEPTH"];
    private static readonly string[] JobHeaders = ["JOB", "NODE", "NAME", "SUBMITTER", "AGE", "STATE"];

    public static IRenderable Render(TopFrame frame)
    {
        var parts = new List<IRenderable>
        {
            new Text(Summary(frame)),
            Listing.MakeTable(NodeHeaders, frame.Nodes.Select(ToRow)),
        };
        if (frame.Nodes.Any(SharesWork))
        {
            parts.Add(new Text(" "));
            parts.Add(Listing.MakeTable(ForkJoinHeaders, frame.Nodes.Select(ToForkJoinRow)));
        }

        if (frame.Jobs.Count > 0)
        {
            parts.Add(new Text(" "));
            parts.Add(Listing.MakeTable(JobHeaders, frame.Jobs.Select(ToRow)));
            if (frame.JobsLeftOut > 0)
            {
                parts.Add(new Text($"and {frame.JobsLeftOut} younger: grid jobs lists all"));
            }
        }

        if (frame.Events.Count > 0)
        {
            parts.Add(new Text(" "));
            parts.AddRange(frame.Events.Select(recorded => new Text(Words.Cut(LineOf(recorded), Words.Columns))));
        }

        return new Rows(parts);
    }

    /// <summary>The loads as bars, one column each, the latest on the right; a load that is not known is blank.</summary>
    public static string Sparkline(IEnumerable<double?> loads) =>
        string.Concat(loads.Select(load => load is { } known ? Bars[(int)Math.Clamp(known * Bars.Length, 0, Bars.Length - 1)] : ' ')).PadLeft(NodeTrack.LoadsMax);

    private static string Summary(TopFrame frame)
    {
        var reports = frame.Nodes.Select(node => node.Surveyed.Report).OfType<NodeReport>().ToList();
        return $"{Words.Count(frame.Nodes.Count, "worker")}, {reports.Sum(report => report.Active)} of {Words.Count(reports.Sum(report => report.Slots), "slot")} busy, {reports.Sum(report => report.Waiting)} waiting";
    }

    private static string[] ToRow(TopNode node)
    {
        var report = node.Surveyed.Report;
        var metrics = report?.Metrics;
        return
        [
            Words.Cut(node.Surveyed.Node.Name, 12), node.State, report is null ? "-" : string.Create(CultureInfo.InvariantCulture, $"{report.Active}/{report.Slots}"), Number(report?.Waiting),
            Percent(metrics?.ProcessLoadRatio), Sparkline(node.Track.Loads), Bytes(metrics?.ProcessMemoryBytes),
            Rate(node.Track.JobsPerSecond),
        ];
    }

    private static string[] ToForkJoinRow(TopNode node)
    {
        var metrics = node.Surveyed.Report?.Metrics;
        var track = node.Track;
        return
        [
            Words.Cut(node.Surveyed.Node.Name, 12), Rate(track.StealsPerSecond), Rate(track.AsksPerSecond), Percent(track.AsksMetRatio),
            track.StealBytesPerSecond is { } sent ? Short(sent, "B") : "-", metrics?.ForkJoinRunAgain is { } again ? Short(again, "") : "-", Number(metrics?.ForkJoinDepth),
        ];
    }

    // Every worker's counts begin at zero, and most clusters never see a computation.
    private static bool SharesWork(TopNode node) => node.Surveyed.Report?.Metrics is { } metrics && (metrics.ForkJoinAsks > 0 || metrics.ForkJoinBytes > 0);

    private static string[] ToRow((string Node, JobReport Job) pair) =>
    [
        pair.Job.Id.ToString(), Words.Cut(pair.Node, 12), Words.Cut(pair.Job.Name.Length > 0 ? pair.Job.Name : "-", 18), Words.Cut(pair.Job.Submitter, 15), Words.Duration(pair.Job.Age),
        Words.Of(pair.Job.Status),
    ];

    private static string LineOf(RecordedEvent recorded) =>
        string.Create(CultureInfo.InvariantCulture, $"{recorded.Event.At.ToLocalTime():HH:mm:ss} {recorded.Recorder}: {recorded.Event.Text}");

    private static string Number(int? number) => number?.ToString(CultureInfo.InvariantCulture) ?? "-";

    private static string Percent(double? ratio) => ratio is { } known ? string.Create(CultureInfo.InvariantCulture, $"{known * 100:0}%") : "-";

    private static string Rate(double? rate) => rate is { } known ? Short(known, "") : "-";

    private static string Bytes(long? bytes) => bytes is { } known ? Short(known, "B") : "-";

    private static string Short(double value, string unit) => value switch
    {
        >= 10e9 => string.Create(CultureInfo.InvariantCulture, $"{value / 1e9:0}G{unit}"),
        >= 10e6 => string.Create(CultureInfo.InvariantCulture, $"{value / 1e6:0}M{unit}"),
        >= 10e3 => string.Create(CultureInfo.InvariantCulture, $"{value / 1e3:0}k{unit}"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{value:0}{unit}"),
    };
}
