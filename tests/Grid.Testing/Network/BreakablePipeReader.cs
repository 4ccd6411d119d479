using System.IO.Pipelines;

namespace Grid.Testing.Network;

/// <summary>A reader that fails at once when its pipe is broken, although bytes may be left in the buffer.</summary>
internal sealed class BreakablePipeReader(PipeReader inner, Func<Exception?> error) : PipeReader
{
    public override void AdvanceTo(SequencePosition consumed) => inner.AdvanceTo(consumed);

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined) => inner.AdvanceTo(consumed, examined);

    public override void CancelPendingRead() => inner.CancelPendingRead();

    public override void Complete(Exception? exception = null) => inner.Complete(exception);

    public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default) =>
        error() is { } broken ? ValueTask.FromException<ReadResult>(broken) : inner.ReadAsync(cancellationToken);

    public override bool TryRead(out ReadResult result) => error() is { } broken ? throw broken : inner.TryRead(out result);
}
