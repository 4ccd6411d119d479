namespace Grid.Kernel.Tests.ForkJoin;

/// <summary>Lanes without jobs: threads that help whenever they are asked to, and count how often that was.</summary>
internal sealed class LaneThreads : ISpareLanes, IDisposable
{
    private const int ThreadStackBytes = 4 * 1024 * 1024;
    private const int ExtraThreads = 2;

    private readonly SemaphoreSlim _requests = new(0);
    private readonly List<Thread> _threads = [];
    private readonly IForkJoinEngine _engine;
    private volatile bool _isStopped;
    private volatile bool _areJobsWaiting;
    private int _requestCount;
    private int _helpsEnded;
    private int _blocked;

    public LaneThreads(IForkJoinEngine engine, int slots)
    {
        _engine = engine;
        Slots = slots;
        engine.Attach(this);
        for (var i = 1; i < slots + ExtraThreads; i++)
        {
            Start(Loop);
        }
    }

    public int Slots { get; }

    public int StackBytes => ThreadStackBytes - (512 * 1024);

    public bool AreJobsWaiting
    {
        get => _areJobsWaiting;
        set => _areJobsWaiting = value;
    }

    public bool IsSlotFree => !AreJobsWaiting;

    public int RequestCount => Volatile.Read(ref _requestCount);

    /// <summary>How many times a lane has come, helped and left.</summary>
    public int HelpsEnded => Volatile.Read(ref _helpsEnded);

    /// <summary>How many lanes are blocked now.</summary>
    public int Blocked => Volatile.Read(ref _blocked);

    public void RequestHelp()
    {
        Interlocked.Increment(ref _requestCount);
        _requests.Release();
    }

    public void BeginBlocked() => Interlocked.Increment(ref _blocked);

    public void EndBlocked() => Interlocked.Decrement(ref _blocked);

    /// <summary>Starts a thread with the stack of a lane.</summary>
    public void Start(Action run)
    {
        var thread = new Thread(() => run(), ThreadStackBytes) { IsBackground = true };
        lock (_threads)
        {
            _threads.Add(thread);
        }

        thread.Start();
    }

    public void Dispose()
    {
        _isStopped = true;
        _requests.Release(Slots + ExtraThreads);
        lock (_threads)
        {
            _threads.ForEach(thread => Assert.True(thread.Join(TimeSpan.FromSeconds(60)), "a helper did not end"));
        }

        _requests.Dispose();
    }

    private void Loop()
    {
        while (true)
        {
            _requests.Wait();
            while (AreJobsWaiting && !_isStopped)
            {
                // They have the slots.
                Thread.Yield();
            }

            if (_isStopped)
            {
                return;
            }

            _engine.Help();
            Interlocked.Increment(ref _helpsEnded);
        }
    }
}
