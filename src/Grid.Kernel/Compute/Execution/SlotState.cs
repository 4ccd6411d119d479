namespace Grid.Kernel.Compute.Execution;

/// <summary>How a job stands to the slots of its node.</summary>
internal enum SlotState
{
    /// <summary>Not admitted yet.</summary>
    None = 0,

    /// <summary>Holds a slot.</summary>
    Held = 1,

    /// <summary>Waits for nested work off its thread; needs a slot before it goes on.</summary>
    Lent = 2,

    /// <summary>Waits for nested work on its thread; goes on without asking.</summary>
    LentWhileBlocked = 3,

    /// <summary>Has its outcome, or is handed back.</summary>
    Done = 4,

    /// <summary>Waiting for its first slot.</summary>
    Waiting = 5,
}
