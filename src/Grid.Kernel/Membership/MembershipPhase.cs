namespace Grid.Kernel.Membership;

/// <summary>Where the local node stands in its life as a member.</summary>
internal enum MembershipPhase
{
    /// <summary>No snapshot has shown the local record yet (for a client: no snapshot from a connected registry has come).</summary>
    Joining = 0,

    /// <summary>A member; for a client, watching.</summary>
    Member = 1,

    /// <summary>The membership is lost and no attempt to rejoin is under way.</summary>
    Fenced = 2,

    /// <summary>Fenced, an attempt to rejoin is under way.</summary>
    Rejoining = 3,

    /// <summary>Fenced, registered again; no snapshot has shown the new record yet.</summary>
    Registered = 4,
}
