namespace Grid;

/// <summary>The context of a job that can run a fork/join computation on its node.</summary>
internal interface IForkJoinContext
{
    /// <summary>Runs a computation on the calling thread, helped by others of the node and by other nodes, until its root is done.</summary>
    /// <param name="root">The root task.</param>
    /// <param name="nodes">The nodes that may take part; null for all.</param>
    TResult Run<TResult>(ForkJoinTask<TResult> root, IReadOnlyList<NodeId>? nodes);

    /// <summary>Takes part in a computation whose root runs on another node.</summary>
    bool Participate(ForkJoinInvitation invitation);
}
