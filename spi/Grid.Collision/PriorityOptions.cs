namespace Grid.Collision;

/// <summary>How <see cref="Priority"/> weighs urgency against waiting: the section <c>Grid:Collision:Priority</c>.</summary>
public sealed record PriorityOptions
{
    /// <summary>
    /// <c>Step</c>: how long a job waits to gain one step of priority, 1 ms to 1 hour, default 10 s. A job of priority 0 goes before one of priority p that comes more than p times this later: so no job waits for ever.
    /// Longer lets urgent jobs overtake for longer; shorter comes closer to first come, first served.
    /// </summary>
    public TimeSpan Step { get; init; } = TimeSpan.FromSeconds(10);
}
