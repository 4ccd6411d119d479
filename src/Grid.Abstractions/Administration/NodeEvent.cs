namespace Grid;

/// <summary>One line of a node's flight recorder. Immutable.</summary>
public sealed record NodeEvent
{
    /// <summary>1 for the first event of its kind of ring (nodes, or jobs) since the process started; gaps are events that were overwritten.</summary>
    public long Number { get; init; }

    /// <summary>When, by the node's monotonic clock since its process started: what orders the events of one node.</summary>
    public TimeSpan Uptime { get; init; }

    /// <summary>When, by the node's wall clock: for people, and roughly comparable between nodes.</summary>
    public DateTimeOffset At { get; init; }

    /// <summary>What happened.</summary>
    public NodeEventKind Kind { get; init; }

    /// <summary>The name of the node that it is about; empty for none.</summary>
    public string Node { get; init; } = "";

    /// <summary>The job that it is about, in the form of <see cref="JobId.ToString"/>; empty for none.</summary>
    public string Job { get; init; } = "";

    /// <summary>The attempt of the job; 0 for none.</summary>
    public int Attempt { get; init; }

    /// <summary>What happened and why, in words.</summary>
    public string Text { get; init; } = "";
}
