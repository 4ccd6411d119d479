namespace Grid;

/// <summary>What a member says of itself.</summary>
public enum NodeState
{
    /// <summary>Takes new jobs.</summary>
    Available = 0,

    /// <summary>Finishes what it has and takes nothing new.</summary>
    Draining = 1,

    /// <summary>About to leave on purpose. A member that vanishes from this state has left; from any other it has failed.</summary>
    Leaving = 2,
}
