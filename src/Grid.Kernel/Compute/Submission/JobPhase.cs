namespace Grid.Kernel.Compute.Submission;

/// <summary>Where a job is in its life at its submitter.</summary>
internal enum JobPhase : byte
{
    /// <summary>A node is being chosen.</summary>
    Placing = 0,

    /// <summary>One attempt, or two, are on their way to a node, waiting there, or running.</summary>
    Sent = 1,

    /// <summary>No node may run it at the moment, or it rests between two attempts; it waits for a change of the topology or for the end of a pause.</summary>
    Paused = 2,

    /// <summary>It has its outcome.</summary>
    Ended = 3,

    /// <summary>The nodes that may run it have as much of this submitter's work as they can use; it waits until one has room.</summary>
    Held = 4,

    /// <summary>Its attempts have failed, and what becomes of it is being decided.</summary>
    Deciding = 5,
}
