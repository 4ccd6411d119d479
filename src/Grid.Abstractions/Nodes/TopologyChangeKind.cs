namespace Grid;

/// <summary>What happened to a member.</summary>
public enum TopologyChangeKind
{
    /// <summary>A node appeared whose name was not in the view.</summary>
    Joined = 0,

    /// <summary>A node took the place of an earlier membership of the same name: one event, not a failure and a join.</summary>
    Restarted = 1,

    /// <summary>The node left on purpose.</summary>
    Left = 2,

    /// <summary>The node vanished without having said that it would leave.</summary>
    Failed = 3,

    /// <summary>The node changed its <see cref="NodeInfo.State"/>.</summary>
    StateChanged = 4,

    /// <summary>The node changed its attributes, slots or endpoints.</summary>
    AttributesChanged = 5,

    /// <summary>
    /// Changes were dropped because the reader asked for a version older than the history kept, or fell behind it:
    /// take <see cref="ITopology.Current"/> as it is and go on from there.
    /// </summary>
    Reset = 6,
}
