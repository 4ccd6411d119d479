using Grid.ZooKeeper.Requests;
using Grid.ZooKeeper.Watches;
using Grid.ZooKeeper.Wire;

namespace Grid.ZooKeeper.Session;

/// <summary>Gives each frame of a prepared connection to whom it concerns. Owned by the reading thread.</summary>
/// <param name="services">The session.</param>
/// <param name="watchRepliesDue">How many answers to the setting of watches are due on this connection.</param>
internal sealed class ReplyDispatcher(SessionServices services, int watchRepliesDue)
{
    private int _watchRepliesDue = watchRepliesDue;

    /// <summary>Takes one frame.</summary>
    /// <exception cref="JuteFormatException">The frame does not follow the protocol.</exception>
    /// <exception cref="AuthFailedException">Credentials were refused.</exception>
    public Dispatched Dispatch(ReadOnlySpan<byte> frame)
    {
        var body = new JuteReader(frame);
        var header = ReplyHeader.Read(ref body);
        switch (header.Xid)
        {
            case Xid.Notification:
                return Notify(ref body);
            case Xid.Ping:
                services.Queue.PingAnswered();
                services.SawZxid(header.Zxid);
                return Dispatched.GoOn;
            case Xid.SetWatches:
                WatchesSet(header.Error);
                return Dispatched.GoOn;
            default:
                return Answer(header, ref body);
        }
    }

    private Dispatched Answer(ReplyHeader header, ref JuteReader body)
    {
        var request = services.Queue.Match(header.Xid)
            ?? throw new JuteFormatException($"The server answered request {header.Xid}, which is not the oldest one: answers are out of order.");
        services.SawZxid(header.Zxid);
        if (request.Watcher is not null)
        {
            SetWatch(request, header.Error);
        }

        if (header.Xid == Xid.Auth && header.Error != ZooKeeperErrorCode.Ok)
        {
            request.Fail(RequestErrors.FromServer(request, header.Error, services.Chroot));
            throw new AuthFailedException($"the server refused added credentials: {header.Error}");
        }

        // Nothing of this thread's may be touched after callers' code, unless it has the lead still.
        var step = header.Error == ZooKeeperErrorCode.Ok ? Complete(request, ref body) : request.Refuse(header.Error, services.Chroot, services.Leadership);
        return !services.Leadership.TryLeave(step) ? Dispatched.Deposed
            : request.Code == OpCode.CloseSession && header.Error == ZooKeeperErrorCode.Ok ? Dispatched.Closed
            : Dispatched.GoOn;
    }

    private long Complete(Request request, ref JuteReader body)
    {
        try
        {
            return request.Complete(ref body, services.Chroot, services.Leadership);
        }
        catch (JuteFormatException exception)
        {
            request.Fail(RequestErrors.Undecodable(request, services.Chroot, exception));
            throw;
        }
    }

    /// <summary>
    /// A watch on existence is one on data when the node exists. An event that overtook this answer may have used the watch up: it is told now. One-shot
    /// watches are not kept then, persistent ones are; at worst a watcher reads once in vain.
    /// </summary>
    private void SetWatch(Request request, ZooKeeperErrorCode error)
    {
        var isAbsent = error == ZooKeeperErrorCode.NoNode && request.Code == OpCode.Exists;
        if (error != ZooKeeperErrorCode.Ok && !isAbsent)
        {
            return;
        }

        var isPersistent = request.WatchKind is WatchKind.Persistent or WatchKind.Recursive;
        if (request.EarlyEvent == 0 || isPersistent)
        {
            var kind = request.WatchKind == WatchKind.Exist && !isAbsent ? WatchKind.Data : request.WatchKind;
            services.Watches.Add(kind, request.Path!, request.Watcher!);
        }

        if (request.EarlyEvent != 0)
        {
            services.Deliver(request.Watcher!, isPersistent ? WatchEventType.Rearmed : (WatchEventType)request.EarlyEvent, request.Path!);
        }
    }

    private Dispatched Notify(ref JuteReader body)
    {
        var type = (WatchEventType)body.ReadInt();
        body.ReadInt();
        var path = body.ReadString();
        if (type is < WatchEventType.NodeCreated or > WatchEventType.NodeChildrenChanged)
        {
            return Dispatched.GoOn;
        }

        services.Metrics.WatchEvent();
        services.Queue.MarkEarly(type, path);
        var watchers = services.Watches.Fire(type, path);
        for (var i = 0; i < watchers.Count - 1; i++)
        {
            services.Deliver(watchers[i], type, path);
        }

        return watchers.Count > 0 && services.Put(watchers[^1], type, path) is { } arrival ? Run(arrival) : Dispatched.GoOn;
    }

    /// <summary>Runs what waits for an event here. Of several watchers only the last one's, or the first could hold up the others.</summary>
    private Dispatched Run(TaskCompletionSource<bool> arrival)
    {
        var step = services.Leadership.Enter();
        arrival.TrySetResult(true);
        return services.Leadership.TryLeave(step) ? Dispatched.GoOn : Dispatched.Deposed;
    }

    /// <summary>When the last answer is there, the watchers of persistent watches hear that something may have escaped them.</summary>
    private void WatchesSet(ZooKeeperErrorCode error)
    {
        if (error != ZooKeeperErrorCode.Ok)
        {
            services.Log.WatchesRefused(error);
        }

        if (--_watchRepliesDue != 0)
        {
            return;
        }

        foreach (var kind in (ReadOnlySpan<WatchKind>)[WatchKind.Persistent, WatchKind.Recursive])
        {
            foreach (var path in services.Watches.Paths(kind))
            {
                Array.ForEach(services.Watches.Watchers(kind, path), watcher => services.Deliver(watcher, WatchEventType.Rearmed, path));
            }
        }
    }
}
