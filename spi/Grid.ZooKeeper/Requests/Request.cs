using Grid.ZooKeeper.Session;
using Grid.ZooKeeper.Watches;
using Grid.ZooKeeper.Wire;

namespace Grid.ZooKeeper.Requests;

/// <summary>
/// One request from the call to its end. Made and encoded on the caller's thread; from then on the <see cref="RequestQueue"/>
/// guards the mutable fields. Ends exactly once: whoever completes the task first wins. Small on purpose, one is allocated per operation.
/// </summary>
internal abstract class Request(OpCode code, string? path)
{
    private byte[]? _frame;

    public OpCode Code { get; } = code;

    public WatchKind WatchKind { get; init; }

    /// <summary>What happened to the path while this request, which sets a watch there, was under way; zero for nothing.</summary>
    public byte EarlyEvent { get; set; }

    public int Xid { get; set; }

    public int FrameBytes { get; private set; }

    /// <summary>The path as the server knows it.</summary>
    public string? Path { get; } = path;

    /// <summary>Where the events of the watch that this request sets shall go.</summary>
    public Watcher? Watcher { get; init; }

    /// <summary>When it was handed to the socket, or enqueued while it has not been; timestamp of the client's clock.</summary>
    public long Timestamp { get; set; }

    /// <summary>Only once before it is enqueued.</summary>
    public Frame Frame
    {
        get => new(_frame!, FrameBytes);
        set => (_frame, FrameBytes) = (value.Array, value.Length);
    }

    /// <summary>The registration with the caller's token, boxed because most calls have none.</summary>
    public object? Cancellation { get; set; }

    public abstract bool IsEnded { get; }

    /// <summary>Whether a lost answer leaves the fate of a change unknown.</summary>
    public bool IsWrite => Code is OpCode.Create or OpCode.Create2 or OpCode.CreateContainer or OpCode.CreateTtl or OpCode.Delete
        or OpCode.SetData or OpCode.SetAcl or OpCode.Multi or OpCode.Reconfig or OpCode.CloseSession;

    /// <summary>Decodes the answer and ends the request with it. Called by the leader, which also runs what waits for it.</summary>
    /// <returns>What to leave the lead with.</returns>
    /// <exception cref="JuteFormatException">The answer does not follow the protocol; the request has not ended.</exception>
    public abstract long Complete(ref JuteReader body, Chroot chroot, Leadership leadership);

    /// <summary>Ends the request with what an error code of the server means for it. Called by the leader, which also runs what waits for it.</summary>
    /// <returns>What to leave the lead with.</returns>
    public abstract long Refuse(ZooKeeperErrorCode error, Chroot chroot, Leadership leadership);

    /// <summary>Ends the request with an error; does nothing if it has ended. What waits for it runs elsewhere. Any thread.</summary>
    public abstract void Fail(Exception error);

    /// <summary>Returns the frame's array to its pool. Called once, by whoever has written or discarded the frame.</summary>
    public void ReturnFrame()
    {
        Frame.Return();
        _frame = null;
    }

    /// <summary>Ends the request as cancelled when the token fires.</summary>
    public void CancelWith(CancellationToken ct)
    {
        if (ct.CanBeCanceled)
        {
            Cancellation = ct.UnsafeRegister(static (state, token) => ((Request)state!).Cancel(token), this);
        }
    }

    protected abstract void Cancel(CancellationToken ct);

    /// <summary>Does not wait for a callback that runs: it can only try to end what has ended.</summary>
    protected void ForgetCancellation() => (Cancellation as CancellationTokenRegistration?)?.Unregister();
}
