namespace Grid.Kernel.Compute.Submission;

/// <summary>Where a job is in its life at its submitter.</summary>
internal enum JobPhase : byte
{
    /// <summary>A node is being chosen.</summary>
    Placing = 0,

    /// <summary>An attempt is on its way to a node, waiting there, or running.</summary>
    Sent = 1,

    /// <summary>No node may run it at the moment; it waits for a change of the topology or for the end of a pause.</summary>
    Paused = 2,

    /// <summary>It has its outcome.</summary>
    Ended = 3,
}
