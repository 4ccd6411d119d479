using Grid.ZooKeeper.Requests;
using Grid.ZooKeeper.Servers;
using Grid.ZooKeeper.Watches;
using Grid.ZooKeeper.Wire;

namespace Grid.ZooKeeper.Session;

/// <summary>One session: takes requests in from callers, starts and ends what serves it.</summary>
internal sealed class SessionService
{
    /// <summary>How long closing waits for the threads, which at most hang in the system's resolver.</summary>
    private static readonly TimeSpan ThreadEndMax = TimeSpan.FromSeconds(1);
    private readonly SessionServices _services;
    private readonly ZooKeeperOptions _options;
    private readonly Lazy<Task<bool>> _closing;

    public SessionService(ZooKeeperOptions options)
    {
        _options = options;
        _services = new SessionServices(options, ConnectString.Parse(options.ConnectString).Chroot);
        _closing = new Lazy<Task<bool>>(CloseOnceAsync);
    }

    public Chroot Chroot => _services.Chroot;

    public WatchTable Watches => _services.Watches;

    public SessionStatus Status => _services.Ledger.Board.Latest;

    public SessionCredential? Credential => _services.Ledger.Credential;

    public long FenceTimestamp => _services.Ledger.FenceTimestamp;

    public long LastZxid => _services.LastZxid;

    public int PendingRequests => _services.Queue.Count;

    public void Start()
    {
        var random = CreateRandom();
        var rotation = new ServerRotation(ConnectString.Parse(_options.ConnectString), _options, random);
        _services.Threads.StartReader(new ReadLoop(_services, rotation, new ReconnectPause(random)));
        SessionWatch.OfProcess.Add(_services.Keeper);
    }

    public string Target(string path)
    {
        ZooKeeperPath.ThrowIfInvalid(path);
        return Chroot.Prepend(path);
    }

    public JuteWriter NewFrame(OpCode code) => JuteWriter.Request(code, _options.RequestBytesMax);

    /// <summary>Sends a request, now or when there is a connection. Never blocks and never throws: the task tells.</summary>
    public Task<T> Submit<T>(TypedRequest<T> request, Frame frame, CancellationToken ct)
    {
        if (ct.IsCancellationRequested)
        {
            frame.Return();
            return Task.FromCanceled<T>(ct);
        }

        request.Frame = frame;
        if (request.Watcher is not null && Watches.Count >= _options.WatchesMax)
        {
            Refuse(request, RequestErrors.TooManyWatches(request, Chroot, _options.WatchesMax));
            return request.Task;
        }

        request.CancelWith(ct);
        Enqueue(request);
        return request.Task;
    }

    public Task AddAuth(AuthInfo auth, CancellationToken ct)
    {
        _services.AddAuth(auth);
        return Submit(new TypedRequest<bool>(OpCode.Auth, null, Replies.Nothing), Frames.Auth(auth, _options.RequestBytesMax), ct);
    }

    /// <summary>Forgets the watches that the server has removed, and tells their watchers.</summary>
    public bool ForgetWatches(string path, WatcherType type)
    {
        var removed = Watches.Remove(path, type);
        removed.ForEach(watch => _services.Deliver(watch.Watcher, watch.Type, path));
        return removed.Count > 0;
    }

    public Watcher CreateWatcher(int capacity)
    {
        var watcher = new Watcher(capacity, Watches.Forget);
        if (!Watches.TryRegister(watcher))
        {
            watcher.End();
        }

        return watcher;
    }

    public IAsyncEnumerable<SessionStatus> WatchStatusAsync(CancellationToken ct) => _services.Ledger.Board.WatchAsync(ct);

    /// <summary>Completes when the session is open; throws what prevents it. Resumes where the caller waits, as the status stream does.</summary>
    public async Task WaitUntilConnectedAsync(CancellationToken ct)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(_options.StartTimeout);
        try
        {
            await foreach (var status in WatchStatusAsync(patience.Token).ConfigureAwait(true))
            {
                if (status.State == SessionState.Connected)
                {
                    return;
                }

                _services.ThrowIfStartRefused();
                ThrowIfOver(status);
            }
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            _services.ThrowIfStartRefused();
            throw new ZooKeeperException(
                ZooKeeperErrorCode.ConnectionLoss, null, false,
                $"No server of '{_options.ConnectString}' served within {_options.StartTimeout.TotalSeconds:0.###} s. The last attempt: {_services.LastFailure}. "
                + "Check the addresses, that the servers run and that they have a quorum.");
        }
    }

    /// <summary>Closes once, however often it is called; the token only ends the caller's wait.</summary>
    public async Task<bool> CloseAsync(CancellationToken ct)
    {
        try
        {
            return await _closing.Value.WaitAsync(ct).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            return false;
        }
    }

    private static void ThrowIfOver(SessionStatus status)
    {
        if (status.IsFinal)
        {
            var code = status.State switch
            {
                SessionState.Expired => ZooKeeperErrorCode.SessionExpired,
                SessionState.AuthFailed => ZooKeeperErrorCode.AuthFailed,
                _ => ZooKeeperErrorCode.Closing,
            };
            throw new ZooKeeperException(code, null, false, $"The session could not be opened: {status.Reason}.");
        }
    }

    private void Enqueue(Request request)
    {
        var frame = request.Frame;
        var admission = _services.Queue.Enqueue(request, out var link);
        if (admission.HasFlag(Admission.Refused))
        {
            Refuse(request, _services.Queue.Refusal(request, admission));
            return;
        }

        if (admission.HasFlag(Admission.WriteItself))
        {
            WriteLoop.WriteFrame(_services, link!, frame.Span);
            frame.Return();
        }

        if (admission.HasFlag(Admission.CallWriter))
        {
            _services.Threads.CallWriter();
        }

        if (admission.HasFlag(Admission.CallWatch))
        {
            _services.CallWatch();
        }
    }

    private void Refuse(Request request, Exception error)
    {
        _services.Metrics.Refused();
        request.ReturnFrame();
        request.Fail(error);
    }

    private async Task<bool> CloseOnceAsync()
    {
        _services.Queue.BeginClosing();
        var isConfirmed = Status is { IsFinal: false, SessionId: not 0 } && await SayGoodbyeAsync().ConfigureAwait(false);
        _services.Threads.Stop("the client was closed");
        await _services.Threads.Ended.WaitAsync(ThreadEndMax, _options.TimeProvider)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return isConfirmed;
    }

    private async Task<bool> SayGoodbyeAsync()
    {
        try
        {
            var writer = NewFrame(OpCode.CloseSession);
            var request = new TypedRequest<bool>(OpCode.CloseSession, null, Replies.Nothing);
            return await Submit(request, writer.Finish(), CancellationToken.None)
                .WaitAsync(_options.CloseTimeout, _options.TimeProvider).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is ZooKeeperException or TimeoutException)
        {
            return false;
        }
    }

#pragma warning disable RS0030, CA5394 // The one place where chance enters; a seed makes it replayable, and nothing secret depends on it.
    private Random CreateRandom() => _options.Seed is { } seed ? new Random(seed) : new Random();
#pragma warning restore RS0030, CA5394
}
