using Grid.ZooKeeper.Wire;

namespace Grid.ZooKeeper.Requests;

/// <summary>
/// One request from the call to its end. Made and encoded on the caller's thread; then owned by the
/// request queue, whose lock guards the mutable fields. Ends exactly once: whoever completes the task first wins.
/// </summary>
internal abstract class Request(OpCode code, string? path)
{
    public OpCode Code { get; } = code;

    /// <summary>The path as the server knows it.</summary>
    public string? Path { get; } = path;

    /// <summary>Where the events of the watch that this request sets shall go.</summary>
    public Watcher? Watcher { get; init; }

    public Watches.WatchKind WatchKind { get; init; }

    public Frame Frame { get; set; }

    public int Xid { get; set; }

    /// <summary>When it was handed to the socket, or enqueued while it has not been; timestamp of the client's clock.</summary>
    public long Timestamp { get; set; }

    public CancellationTokenRegistration Cancellation { get; set; }

    public abstract bool IsEnded { get; }

    /// <summary>Whether a lost answer leaves the fate of a change unknown.</summary>
    public bool IsWrite => Code is OpCode.Create or OpCode.Create2 or OpCode.CreateContainer or OpCode.CreateTtl or OpCode.Delete
        or OpCode.SetData or OpCode.SetAcl or OpCode.Multi or OpCode.Reconfig or OpCode.CloseSession;

    /// <summary>Decodes the answer and ends the request with it.</summary>
    public abstract void Complete(ref JuteReader body, Chroot chroot);

    /// <summary>Ends the request with an error; does nothing if it has ended.</summary>
    public abstract void Fail(Exception error);

    /// <summary>Ends the request as cancelled; does nothing if it has ended.</summary>
    public abstract void Cancel(CancellationToken ct);

    /// <summary>Ends the request with what an error code of the server means for it.</summary>
    public abstract void Refuse(ZooKeeperErrorCode error, Chroot chroot);
}
