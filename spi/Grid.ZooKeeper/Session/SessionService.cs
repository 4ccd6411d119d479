#pragma warning disable CA1822
using Grid.ZooKeeper.Requests;
using Grid.ZooKeeper.Watches;
using Grid.ZooKeeper.Wire;

namespace Grid.ZooKeeper.Session;

/// <summary>Placeholder while the session is being written.</summary>
internal sealed class SessionService(ZooKeeperOptions options)
{
    public Chroot Chroot { get; } = Servers.ConnectString.Parse(options.ConnectString).Chroot;
    public WatchTable Watches { get; } = new();
    public SessionStatus Status => throw new InvalidOperationException();
    public SessionCredential? Credential => throw new InvalidOperationException();
    public long FenceTimestamp => 0;
    public long LastZxid => 0;
    public int PendingRequests => 0;
    public string Target(string path) { ZooKeeperPath.ThrowIfInvalid(path); return Chroot.Prepend(path); }
    public JuteWriter NewFrame(OpCode code) => JuteWriter.Request(code, options.RequestBytesMax);
    public Task<T> Submit<T>(TypedRequest<T> request, Frame frame, CancellationToken ct) => throw new InvalidOperationException();
    public Task AddAuth(AuthInfo auth, CancellationToken ct) => throw new InvalidOperationException();
    public bool ForgetWatches(string path, WatcherType type) => Watches.Remove(path, type).Count > 0;
    public Watcher CreateWatcher(int capacity) => new(capacity, Watches.Forget);
    public void Start() => throw new InvalidOperationException();
    public Task WaitUntilConnectedAsync(CancellationToken ct) => throw new InvalidOperationException();
    public Task<bool> CloseAsync(CancellationToken ct) => throw new InvalidOperationException();
    public IAsyncEnumerable<SessionStatus> WatchStatusAsync(CancellationToken ct) => throw new InvalidOperationException();
}
