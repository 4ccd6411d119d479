using Grid.Serialization;

namespace Grid.Kernel.ForkJoin.Stealing;

/// <summary>Reads the outcome of a task that a peer has stolen.</summary>
internal sealed class OutcomeReader(GridSerializer serializer, ReadOnlyMemory<byte> bytes, bool isFailure) : IForkJoinOutcomeReader
{
    /// <inheritdoc/>
    public bool IsFailure => isFailure;

    /// <inheritdoc/>
    public TResult ReadResult<TResult>() => serializer.Read<TResult>(bytes.Span);

    /// <inheritdoc/>
    public Exception ReadFailure() => serializer.ReadException(bytes.Span);
}
