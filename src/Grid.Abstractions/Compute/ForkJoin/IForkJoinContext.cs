namespace Grid;

/// <summary>The context of a job that can run a fork/join computation on its node.</summary>
internal interface IForkJoinContext
{
    /// <summary>Runs a computation on the calling thread, helped by others of the node, until its root is done.</summary>
    TResult Run<TResult>(ForkJoinTask<TResult> root);
}
