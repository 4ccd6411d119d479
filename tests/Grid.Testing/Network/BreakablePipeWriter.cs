using System.IO.Pipelines;

namespace Grid.Testing.Network;

/// <summary>A writer that fails at once when its pipe is broken.</summary>
internal sealed class BreakablePipeWriter(PipeWriter inner, Func<Exception?> error) : PipeWriter
{
    public override void Advance(int bytes) => inner.Advance(bytes);

    public override void CancelPendingFlush() => inner.CancelPendingFlush();

    public override void Complete(Exception? exception = null) => inner.Complete(exception);

    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default) =>
        error() is { } broken ? ValueTask.FromException<FlushResult>(broken) : inner.FlushAsync(cancellationToken);

    public override Memory<byte> GetMemory(int sizeHint = 0) => inner.GetMemory(sizeHint);

    public override Span<byte> GetSpan(int sizeHint = 0) => inner.GetSpan(sizeHint);
}
