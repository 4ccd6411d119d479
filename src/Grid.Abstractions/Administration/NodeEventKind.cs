namespace Grid;

/// <summary>What a node's flight recorder notes.</summary>
public enum NodeEventKind
{
    /// <summary>A member joined.</summary>
    Joined = 0,

    /// <summary>A member was replaced by a later process of its name, or by a later membership.</summary>
    Restarted = 1,

    /// <summary>A member left on purpose.</summary>
    Left = 2,

    /// <summary>The registry no longer lists a member that has not said that it leaves.</summary>
    Failed = 3,

    /// <summary>A member changed its state, such as to draining.</summary>
    StateChanged = 4,

    /// <summary>The node lost its own membership.</summary>
    Fenced = 5,

    /// <summary>The node is a member again.</summary>
    Rejoined = 6,

    /// <summary>A link to a peer came up.</summary>
    LinkUp = 7,

    /// <summary>A link to a peer went down.</summary>
    LinkDown = 8,

    /// <summary>A member cannot be reached from the node.</summary>
    Suspected = 9,

    /// <summary>A suspected member has answered.</summary>
    Answered = 10,

    /// <summary>A member says that it starves.</summary>
    Starved = 11,

    /// <summary>A member says that it starves no longer.</summary>
    Recovered = 12,

    /// <summary>A member says that it cannot reach another one.</summary>
    CutReported = 13,

    /// <summary>A member says that it reaches another one again.</summary>
    CutHealed = 14,

    /// <summary>A job came to the node.</summary>
    JobAccepted = 15,

    /// <summary>A job's code began to run on the node.</summary>
    JobStarted = 16,

    /// <summary>The node refused a job.</summary>
    JobRejected = 17,

    /// <summary>A job ended on the node.</summary>
    JobEnded = 18,

    /// <summary>An attempt of a job that the node submitted ended without an outcome.</summary>
    AttemptFailed = 19,
}
