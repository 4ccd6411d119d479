namespace Grid;

/// <summary>One job of a <see cref="GridTask{TArg, TJobResult, TResult}"/>.</summary>
/// <typeparam name="TResult">What the job returns.</typeparam>
/// <param name="body">The work; it is shipped with what it captures.</param>
/// <param name="node">The node that must run it, or <see langword="null"/> to let the load balancer choose.</param>
public sealed class GridJob<TResult>(Func<IJobContext, Task<TResult>> body, NodeId? node = null)
{
    /// <summary>A job that needs no context.</summary>
    /// <param name="body">The work; it is shipped with what it captures.</param>
    /// <param name="node">The node that must run it, or <see langword="null"/> to let the load balancer choose.</param>
    public GridJob(Func<TResult> body, NodeId? node = null)
        : this(_ => Task.FromResult(body()), node)
    {
        ArgumentNullException.ThrowIfNull(body);
    }

    /// <summary>The work.</summary>
    public Func<IJobContext, Task<TResult>> Body { get; } = body ?? throw new ArgumentNullException(nameof(body));

    /// <summary>The node that must run it, or <see langword="null"/>.</summary>
    public NodeId? Node { get; } = node;
}
