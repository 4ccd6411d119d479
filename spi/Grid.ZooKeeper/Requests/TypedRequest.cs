using Grid.ZooKeeper.Wire;

namespace Grid.ZooKeeper.Requests;

/// <summary>A request whose answer is a <typeparamref name="T"/>.</summary>
internal sealed class TypedRequest<T>(OpCode code, string? path, ReplyDecoder<T> decode) : Request(code, path)
{
    /// <summary>Continuations never run on the reading thread: user code could block it.</summary>
    private readonly TaskCompletionSource<T> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<T> Task => _completion.Task;

    public override bool IsEnded => _completion.Task.IsCompleted;

    public override void Complete(ref JuteReader body, Chroot chroot)
    {
        ForgetCancellation();
        try
        {
            // Decoded also when nobody waits any more: removing watches takes effect in the decoder.
            _completion.TrySetResult(decode(ref body, chroot));
        }
        catch (ZooKeeperException exception)
        {
            Fail(exception);
        }
    }

    public override void Fail(Exception error)
    {
        ForgetCancellation();
        if (_completion.TrySetException(error))
        {
            // The caller may have stopped listening; the failure is not unobserved then.
            _ = _completion.Task.Exception;
        }
    }

    public override void Refuse(ZooKeeperErrorCode error, Chroot chroot)
    {
        if (error == ZooKeeperErrorCode.NoNode && Code == OpCode.Exists)
        {
            ForgetCancellation();
            _completion.TrySetResult(default!);
            return;
        }

        Fail(RequestErrors.FromServer(this, error, chroot));
    }

    protected override void Cancel(CancellationToken ct) => _completion.TrySetCanceled(ct);
}
