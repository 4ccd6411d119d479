namespace Grid.Chaos.Plan;

/// <summary>What is done to a cluster. Each lasts for a while and is then made good.</summary>
internal enum FaultKind
{
    /// <summary>A worker is killed (SIGKILL); another process takes its name.</summary>
    Kill,

    /// <summary>A worker is told to stop (SIGTERM): it drains and leaves; another process takes its name.</summary>
    Leave,

    /// <summary>A worker is stopped (SIGSTOP) for less than a session's timeout: nobody may remove it.</summary>
    Stall,

    /// <summary>A worker is stopped for longer than a session's timeout: it is replaced, wakes up in the middle of its jobs, and comes back.</summary>
    Freeze,

    /// <summary>A worker that was not there joins, and leaves again.</summary>
    Join,

    /// <summary>The leader of the ensemble is killed and started again.</summary>
    LeaderLost,

    /// <summary>A worker is cut off from the ensemble, not from its peers.</summary>
    CutFromRegistry,

    /// <summary>A worker is cut off from its peers and the clients, not from the ensemble.</summary>
    CutFromPeers,

    /// <summary>A worker is cut off from everybody.</summary>
    CutOff,
}
