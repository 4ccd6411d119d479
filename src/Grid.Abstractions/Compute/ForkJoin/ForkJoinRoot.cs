namespace Grid;

/// <summary>The jobs that a computation travels as.</summary>
internal static class ForkJoinRoot
{
    /// <summary>What the current job can do for computations.</summary>
    public static IForkJoinContext Context => JobContext.Current as IForkJoinContext
        ?? throw new InvalidOperationException("A fork/join computation was started outside a job of a grid. Start it with IGrid.InvokeAsync.");

    /// <summary>Runs the root task on the node that runs the current job; any other node may take part.</summary>
    public static TResult Run<TResult>(ForkJoinTask<TResult> root) => Context.Run(root, null);

    /// <summary>Takes part in a computation of another node until it ends, which cancels the job.</summary>
    /// <returns>Nothing of interest: the job ends by being cancelled, or when the node leaves the computation.</returns>
    public static bool Participate(ForkJoinInvitation invitation) => Context.Participate(invitation);
}
