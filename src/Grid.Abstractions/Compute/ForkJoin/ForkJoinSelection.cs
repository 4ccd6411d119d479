namespace Grid;

/// <summary>The nodes that a computation may use, when its group is not the whole grid: those that its caller saw in the group as it started.</summary>
internal sealed class ForkJoinSelection(NodeId[] nodes)
{
    /// <summary>Runs the root task on the node that runs the current job.</summary>
    public TResult Run<TResult>(ForkJoinTask<TResult> root) => ForkJoinRoot.Context.Run(root, nodes);
}
