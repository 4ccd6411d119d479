namespace Grid;

/// <summary>How the local node stands to the registry that keeps the membership.</summary>
public enum DiscoveryLink
{
    /// <summary>The registry answers; the view is current.</summary>
    Connected = 0,

    /// <summary>The registry does not answer. The last view stays in force, marked stale; nothing is decided from silence.</summary>
    Suspended = 1,

    /// <summary>
    /// The membership is gone or may be gone: the local node is fenced. It accepts no job and commits no result until
    /// it has joined again under a new incarnation.
    /// </summary>
    Lost = 2,
}
