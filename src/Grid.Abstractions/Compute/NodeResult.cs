namespace Grid;

/// <summary>One node's outcome of a broadcast.</summary>
/// <typeparam name="TResult">What the job returns.</typeparam>
public sealed class NodeResult<TResult>
{
    private readonly TResult? _value;

    /// <summary>An outcome with a value.</summary>
    /// <param name="node">The node.</param>
    /// <param name="value">What its job returned.</param>
    public NodeResult(NodeInfo node, TResult value) => (Node, _value) = (node, value);

    /// <summary>An outcome without one.</summary>
    /// <param name="node">The node.</param>
    /// <param name="exception">Why there is no value.</param>
    public NodeResult(NodeInfo node, Exception exception) => (Node, Exception) = (node, exception);

    /// <summary>The node.</summary>
    public NodeInfo Node { get; }

    /// <summary>Why there is no value, or <see langword="null"/>.</summary>
    public Exception? Exception { get; }

    /// <summary>Whether there is a value.</summary>
    public bool IsSuccess => Exception is null;

    /// <summary>What the job returned.</summary>
    /// <exception cref="InvalidOperationException">There is none; the inner exception is <see cref="Exception"/>.</exception>
    public TResult Value => Exception is null
        ? _value!
        : throw new InvalidOperationException($"{Node} gave no value: {Exception.Message}", Exception);
}
