namespace Grid;

/// <summary>The job that a computation travels as.</summary>
internal static class ForkJoinRoot
{
    /// <summary>Runs the root task on the node that runs the current job.</summary>
    public static TResult Run<TResult>(ForkJoinTask<TResult> root) => JobContext.Current is IForkJoinContext context
        ? context.Run(root)
        : throw new InvalidOperationException("A fork/join computation was started outside a job of a grid. Start it with IGrid.InvokeAsync.");
}
