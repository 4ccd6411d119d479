namespace Grid.Kernel.Compute.Submission;

/// <summary>What the submitter has to do after an event.</summary>
internal enum JobEffect : byte
{
    /// <summary>Nothing: the event came too late, or is about an attempt that was replaced.</summary>
    None = 0,

    /// <summary>Choose a node and send the next attempt.</summary>
    Place = 1,

    /// <summary>Wait until a node may run the job, then place it.</summary>
    WaitForNode = 2,

    /// <summary>Take the outcome that the event brought: the job has ended.</summary>
    Deliver = 3,

    /// <summary>End the job: no node may run it.</summary>
    FailUnplaceable = 4,

    /// <summary>End the job: its nodes were lost.</summary>
    FailLost = 5,

    /// <summary>End the job: its nodes refused it.</summary>
    FailRejected = 6,

    /// <summary>Keep the job until a node has room for it.</summary>
    Hold = 7,

    /// <summary>Ask the failover provider what becomes of the job.</summary>
    Decide = 8,

    /// <summary>Let the job rest for as long as was decided, then place it.</summary>
    Rest = 9,

    /// <summary>Nothing but to forget the attempt: another one of the job is under way.</summary>
    GoOn = 10,
}
