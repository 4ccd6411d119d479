using Grid.ZooKeeper.Session;
using Grid.ZooKeeper.Wire;

namespace Grid.ZooKeeper.Requests;

/// <summary>A request whose answer is a <typeparamref name="T"/>.</summary>
internal sealed class TypedRequest<T>(OpCode code, string? path, ReplyDecoder<T> decode) : Request(code, path)
{
    private readonly TaskCompletionSource<T> _completion = new();

    public Task<T> Task => _completion.Task;

    public override bool IsEnded => _completion.Task.IsCompleted;

    public override long Complete(ref JuteReader body, Chroot chroot, Leadership leadership)
    {
        ForgetCancellation();
        T value;
        try
        {
            // Decoded also when nobody waits any more: removing watches takes effect in the decoder.
            value = decode(ref body, chroot);
        }
        catch (ZooKeeperException exception)
        {
            return Fail(exception, leadership);
        }

        return Return(value, leadership);
    }

    public override long Refuse(ZooKeeperErrorCode error, Chroot chroot, Leadership leadership)
    {
        ForgetCancellation();
        return error == ZooKeeperErrorCode.NoNode && Code == OpCode.Exists ? Return(default!, leadership) : Fail(RequestErrors.FromServer(this, error, chroot), leadership);
    }

    public override void Fail(Exception error)
    {
        ForgetCancellation();
        Elsewhere.Continue((Request: this, error), static end => end.Request.TryFail(end.error));
    }

    // Whoever cancels must not run what waited.
    protected override void Cancel(CancellationToken ct) =>
        Elsewhere.Continue((_completion, ct), static end => end._completion.TrySetCanceled(end.ct));

    private long Return(T value, Leadership leadership)
    {
        var step = leadership.Enter();
        _completion.TrySetResult(value);
        return step;
    }

    private long Fail(ZooKeeperException error, Leadership leadership)
    {
        var step = leadership.Enter();
        TryFail(error);
        return step;
    }

    private void TryFail(Exception error)
    {
        if (_completion.TrySetException(error))
        {
            // The caller may have stopped listening; the failure is not unobserved then.
            _ = _completion.Task.Exception;
        }
    }
}
