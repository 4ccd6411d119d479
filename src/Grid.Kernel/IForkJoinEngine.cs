namespace Grid.Kernel;

/// <summary>What runs fork/join computations on a node, as the lanes that lend their threads see it.</summary>
internal interface IForkJoinEngine
{
    /// <summary>Called once, before anything else: where helpers come from.</summary>
    void Attach(ISpareLanes lanes);

    /// <summary>Runs a computation on the calling lane until its root is done and all who helped have left. Any number at once, each on its lane.</summary>
    /// <param name="root">The root task; it has not run yet. What it throws comes out.</param>
    /// <param name="context">The context of the job that the computation is.</param>
    /// <param name="reach">How it can leave the node; null when it stays here.</param>
    TResult Run<TResult>(ForkJoinTask<TResult> root, IJobContext context, ComputationReach? reach = null);

    /// <summary>Takes part in a computation of another node. Blocks the calling lane, whose slot is lent, until the context's job is cancelled or the node must leave.</summary>
    /// <param name="invitation">Which computation.</param>
    /// <param name="context">The context of the job that the part is.</param>
    /// <param name="reach">How its tasks come here and leave again.</param>
    void Participate(ForkJoinInvitation invitation, IJobContext context, ComputationReach reach);

    /// <summary>Helps computations for as long as there is something to do and no job waits for the caller's slot. Called by lanes that hold one.</summary>
    void Help();
}
