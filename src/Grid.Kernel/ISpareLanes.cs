namespace Grid.Kernel;

/// <summary>The lanes of a node as fork/join computations see them: threads with a slot that no job wants.</summary>
internal interface ISpareLanes
{
    /// <summary>How many threads run at once.</summary>
    int Slots { get; }

    /// <summary>How much stack code on a lane may use.</summary>
    int StackBytes { get; }

    /// <summary>Whether a job waits for a slot: a helper then gives its own back between two tasks. A glance, not a promise.</summary>
    bool AreJobsWaiting { get; }

    /// <summary>Whether there is a slot that nobody has and no job wants. A glance, not a promise.</summary>
    bool IsSlotFree { get; }

    /// <summary>Asks for one call of <see cref="IForkJoinEngine.Help"/>, as soon as there is a slot that no job wants.</summary>
    void RequestHelp();

    /// <summary>The calling lane waits for something that may need a slot itself: its own is free until <see cref="EndBlocked"/>.</summary>
    void BeginBlocked();

    /// <summary>The calling lane goes on, with its slot back, over the limit if need be.</summary>
    void EndBlocked();
}
