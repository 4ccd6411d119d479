using Grid.Hosting;

namespace Grid.Cli.Top;

/// <summary>Looks at the cluster again and again and remembers what it needs for rates and sparklines.</summary>
internal sealed class TopWatch(GridOperator cluster)
{
    private const int JobsShown = 6;
    private const int EventsShown = 6;
    private const int EventsAsked = 64;

    private readonly Dictionary<NodeKey, NodeTrack> _tracks = [];
    private readonly long _startedAt = TimeProvider.System.GetTimestamp();

    /// <summary>Asks all workers and draws the next frame.</summary>
    public async Task<TopFrame> LookAsync(CancellationToken ct)
    {
        var reports = Survey.TakeAsync(cluster, ct);
        var events = Survey.AskAllAsync(cluster, (node, limit) => cluster.EventsAsync(node, EventsAsked, limit), ct);
        var nodes = await reports;
        var now = TimeProvider.System.GetElapsedTime(_startedAt);
        foreach (var gone in _tracks.Keys.Except(nodes.Select(node => node.Node.Key)).ToList())
        {
            _tracks.Remove(gone);
        }

        var jobs = OldestFirst(nodes);
        return new TopFrame([.. nodes.Select(node => Follow(node, nodes, now))], jobs[..Math.Min(jobs.Length, JobsShown)], Math.Max(0, jobs.Length - JobsShown), Latest(await events));
    }

    private TopNode Follow(SurveyedNode node, IReadOnlyList<SurveyedNode> all, TimeSpan now)
    {
        if (!_tracks.TryGetValue(node.Node.Key, out var track))
        {
            _tracks.Add(node.Node.Key, track = new NodeTrack());
        }

        track.Add(node.Report?.Metrics, now);
        return new TopNode(node, Wellness.StateOf(node, all), track);
    }

    private static (string Node, JobReport Job)[] OldestFirst(IReadOnlyList<SurveyedNode> nodes) =>
        [.. nodes.SelectMany(node => node.Report?.Jobs.Select(job => (node.Node.Name, Job: job)) ?? []).OrderByDescending(pair => pair.Job.Age)];

    /// <summary>Links come and go with every client, and most news is seen by many: one line each of the rest.</summary>
    private static RecordedEvent[] Latest(IReadOnlyList<Asked<IReadOnlyList<NodeEvent>>> answers) =>
        [.. answers.SelectMany(asked => (asked.Answer ?? []).Where(happened => happened.Kind is not (NodeEventKind.LinkUp or NodeEventKind.LinkDown)).Select(happened => new RecordedEvent(asked.Node.Name, happened)))
            .OrderBy(recorded => recorded.Event.At).TakeLast(EventsShown)];
}
