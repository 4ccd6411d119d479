namespace Grid.Kernel.Health;

/// <summary>
/// What this node saw, in order: who joined, was suspected, starved, was removed and why; what became of jobs that are followed, and of attempts that failed. Nodes and jobs have a
/// ring each, so that many jobs do not wash out why a node was lost. Written from any thread; jobs that nobody follows and that go well cost nothing.
/// </summary>
internal sealed class FlightRecorder(TimeProvider time, int eventsMax)
{
    private readonly EventRing _nodes = new(eventsMax);
    private readonly EventRing _jobs = new(eventsMax);
    private readonly long _origin = time.GetTimestamp();

    /// <summary>The events of nodes and jobs together, the oldest first.</summary>
    public IReadOnlyList<NodeEvent> All => [.. _nodes.ToArray().Concat(_jobs.ToArray()).OrderBy(happened => happened.Uptime)];

    /// <summary>The events of one job, the oldest first.</summary>
    /// <param name="job">The job, as <see cref="JobId.ToString"/> writes it.</param>
    public IReadOnlyList<NodeEvent> Of(string job) => [.. _jobs.ToArray().Where(happened => happened.Job == job)];

    public void Record(NodeEventKind kind, string node, string text) => _nodes.Add(Now() with { Kind = kind, Node = node, Text = text });

    public void Record(NodeEventKind kind, JobId job, int attempt, string node, string text) =>
        _jobs.Add(Now() with { Kind = kind, Job = job.ToString(), Attempt = attempt, Node = node, Text = text });

    private NodeEvent Now() => new() { Uptime = time.GetElapsedTime(_origin), At = time.GetUtcNow() };
}
