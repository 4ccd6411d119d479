namespace Grid;

/// <summary>Where a job is in its life, as its submitter knows.</summary>
public enum JobStatus
{
    /// <summary>Not on a node yet, or waiting for a slot there.</summary>
    Waiting = 0,

    /// <summary>Running on a node.</summary>
    Running = 1,

    /// <summary>Ended with a result.</summary>
    Succeeded = 2,

    /// <summary>Ended with an exception.</summary>
    Failed = 3,

    /// <summary>Ended because it was cancelled.</summary>
    Cancelled = 4,

    /// <summary>
    /// Cancelled, or past its deadline, for longer than <c>Grid:Compute:CancelGrace</c>, while its code goes on: its submitter has its outcome, and its slot stays taken until the code ends. Only nodes report it.
    /// </summary>
    Abandoned = 5,
}
