using System.Collections.Immutable;
using Grid.ZooKeeper.Requests;
using Grid.ZooKeeper.Watches;

namespace Grid.ZooKeeper.Session;

/// <summary>What the threads of a session share.</summary>
internal sealed class SessionServices
{
    private long _lastZxid;
    private ImmutableArray<AuthInfo> _auths;
    private volatile SessionRefusedException? _startRefusal;

    public SessionServices(ZooKeeperOptions options, Chroot chroot)
    {
        Options = options;
        Chroot = chroot;
        Log = new ZooKeeperLog(options.LoggerFactory);
        Leadership = new Leadership(CallWatch, TimeProvider.System);
        Queue = new RequestQueue(options, chroot);
        Watches = new WatchTable();
        Ledger = new SessionLedger(options, Queue, Watches, Log);
        Metrics = new ZooKeeperMetrics(options.MeterFactory, () => Queue.Count, () => Watches.Count);
        Threads = new SessionThreads(this);
        Keeper = new SessionKeeper(this);
        _auths = options.Auth;
    }

    public ZooKeeperOptions Options { get; }

    public Chroot Chroot { get; }

    public ZooKeeperLog Log { get; }

    public ZooKeeperMetrics Metrics { get; }

    public RequestQueue Queue { get; }

    public WatchTable Watches { get; }

    public SessionLedger Ledger { get; }

    /// <summary>Who reads. It is about threads, so it goes by the system's clock.</summary>
    public Leadership Leadership { get; }

    public SessionThreads Threads { get; }

    /// <summary>What the watch of the process has look after this session.</summary>
    public SessionKeeper Keeper { get; }

    /// <summary>The connection that is being made or in use. Written by the reading thread, read by those that end it.</summary>
    public Link? CurrentLink { get; set; }

    /// <summary>Written by the reading thread, read by anyone.</summary>
    public long LastZxid => Volatile.Read(ref _lastZxid);

    /// <summary>Why the last attempt or connection failed, in words. Written by the reading thread, read by anyone.</summary>
    public string LastFailure { get; set; } = "none was made";

    public ImmutableArray<AuthInfo> Auths => _auths;

    public void AddAuth(AuthInfo auth) => ImmutableInterlocked.Update(ref _auths, static (auths, added) => auths.Contains(added) ? auths : auths.Add(added), auth);

    public void SawZxid(long zxid)
    {
        if (zxid > LastZxid)
        {
            Volatile.Write(ref _lastZxid, zxid);
        }
    }

    /// <summary>The server's terms are unacceptable: the start fails with this.</summary>
    public void RefuseStart(SessionRefusedException exception) => _startRefusal = exception;

    public void ThrowIfStartRefused()
    {
        if (_startRefusal is { } refusal)
        {
            throw new ZooKeeperException(ZooKeeperErrorCode.BadArguments, null, false, refusal.Message);
        }
    }

    /// <summary>Something has begun that the watch does not know of: a connection, a request, callers' code on the reading thread, the end.</summary>
    public void CallWatch() => SessionWatch.OfProcess.Call(Keeper);

    /// <summary>Hands an event to a watcher, with the path in the client's terms. What waits for it runs elsewhere.</summary>
    public void Deliver(Watcher watcher, WatchEventType type, string path)
    {
        if (Put(watcher, type, path) is { } arrival)
        {
            Elsewhere.Continue(arrival, static waiting => waiting.TrySetResult(true));
        }
    }

    /// <summary>The same, but what waits for it is the caller's to run.</summary>
    public TaskCompletionSource<bool>? Put(Watcher watcher, WatchEventType type, string path) => watcher.Deliver(new WatchEvent(type, Chroot.Strip(path)));
}
