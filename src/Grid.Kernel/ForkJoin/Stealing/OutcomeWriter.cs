using System.Buffers;
using Grid.Serialization;

namespace Grid.Kernel.ForkJoin.Stealing;

/// <summary>Writes the outcome of a stolen task.</summary>
internal sealed class OutcomeWriter(GridSerializer serializer, IBufferWriter<byte> target) : IForkJoinOutcomeWriter
{
    public bool IsFailure { get; private set; }

    /// <inheritdoc/>
    public void WriteResult<TResult>(TResult result) => serializer.Write(target, result, "result");

    /// <inheritdoc/>
    public void WriteFailure(Exception failure)
    {
        IsFailure = true;
        serializer.WriteException(target, failure);
    }
}
