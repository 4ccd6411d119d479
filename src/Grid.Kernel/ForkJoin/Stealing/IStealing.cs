namespace Grid.Kernel.ForkJoin.Stealing;

/// <summary>What makes computations span several nodes, as the engine sees it. A session names itself to its computation before anything of it can arrive.</summary>
internal interface IStealing
{
    /// <summary>A computation begins here. Called by its lane, before its root runs.</summary>
    void Open(Computation computation, Type root, ComputationReach reach);

    /// <summary>This node takes part in a computation of another. Called by the lane of the job that it does so with.</summary>
    void Join(Computation computation, ForkJoinInvitation invitation, ComputationReach reach);

    /// <summary>The computation has ended here.</summary>
    void Close(StealSession session);
}
