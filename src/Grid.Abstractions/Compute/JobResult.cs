using System.Runtime.ExceptionServices;

namespace Grid;

/// <summary>The outcome of one job of a <see cref="GridTask{TArg, TJobResult, TResult}"/>.</summary>
/// <typeparam name="TResult">What the job returns.</typeparam>
public sealed class JobResult<TResult>
{
    private readonly TResult? _value;

    /// <summary>An outcome with a value.</summary>
    /// <param name="index">The job's position in what <c>Map</c> returned.</param>
    /// <param name="node">The node that ran it.</param>
    /// <param name="value">What it returned.</param>
    public JobResult(int index, NodeInfo? node, TResult value) => (Index, Node, _value) = (index, node, value);

    /// <summary>An outcome without one.</summary>
    /// <param name="index">The job's position in what <c>Map</c> returned.</param>
    /// <param name="node">The node that had it last, or <see langword="null"/> when none could be found.</param>
    /// <param name="exception">What the job threw, or why it could not be run.</param>
    public JobResult(int index, NodeInfo? node, Exception exception) => (Index, Node, Exception) = (index, node, exception);

    /// <summary>The job's position in what <c>Map</c> returned.</summary>
    public int Index { get; }

    /// <summary>The node that ran it or had it last; <see langword="null"/> when none could be found.</summary>
    public NodeInfo? Node { get; }

    /// <summary>What the job threw, or why it could not be run; <see langword="null"/> after a success.</summary>
    public Exception? Exception { get; }

    /// <summary>What the job returned. Reading it after a failure throws <see cref="Exception"/>, with its own stack.</summary>
    public TResult Value
    {
        get
        {
            if (Exception is not null)
            {
                ExceptionDispatchInfo.Throw(Exception);
            }

            return _value!;
        }
    }
}
