namespace Grid.Kernel.Compute.Submission;

/// <summary>What came of choosing a node.</summary>
internal enum PlacementVerdict : byte
{
    /// <summary>A node has been chosen.</summary>
    Chosen = 0,

    /// <summary>A node has been chosen that failed the job already, as did all others.</summary>
    Repeated = 1,

    /// <summary>No member may run the job.</summary>
    NoNode = 2,

    /// <summary>The members that may run it have no room for it.</summary>
    NoRoom = 3,
}
