namespace Grid.ZooKeeper.Session;

/// <summary>The threads of a session: one that reads, another in its place when callers' code keeps it, and one that writes once there is more to write than callers do themselves.</summary>
internal sealed class SessionThreads(SessionServices services)
{
    /// <summary>Deep enough for the framework's sockets and TLS.</summary>
    private const int WriterStackBytes = 256 * 1024;

    /// <summary>Callers' code runs on it. What is not touched is address space only.</summary>
    private const int ReaderStackBytes = 2 * 1024 * 1024;

    private readonly TaskCompletionSource _readerEnded = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _writerEnded = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The writing thread waits on it. Guards the two after it.</summary>
    private readonly object _writing = new();
    private bool _isWriterCalled;
    private bool _isWriterStarted;

    /// <summary>The reading thread waits out its pauses on it. Guards the one after it.</summary>
    private readonly object _pausing = new();
    private bool _isStopping;
    private ReadLoop? _reader;

    /// <summary>Completes when the threads have ended, except those that callers' code keeps.</summary>
    public Task Ended
    {
        get
        {
            lock (_writing)
            {
                return _isWriterStarted ? Task.WhenAll(_readerEnded.Task, _writerEnded.Task) : _readerEnded.Task;
            }
        }
    }

    /// <summary>Starts the thread that reads. Called once.</summary>
    public void StartReader(ReadLoop reader)
    {
        _reader = reader;
        Start("zookeeper-read", ReaderStackBytes, reader.Run, _readerEnded);
    }

    /// <summary>Starts another thread that reads on from where the one before is kept.</summary>
    public void ReplaceReader() => Start("zookeeper-read", ReaderStackBytes, ReadOn, _readerEnded);

    /// <summary>Makes the writing thread look for something to write; it is started with the first call. Any thread.</summary>
    public void CallWriter()
    {
        lock (_writing)
        {
            _isWriterCalled = true;
            Monitor.Pulse(_writing);
            if (_isWriterStarted)
            {
                return;
            }

            _isWriterStarted = true;
        }

        Start("zookeeper-write", WriterStackBytes, new WriteLoop(services).Run, _writerEnded);
    }

    /// <summary>The writing thread waits for a call.</summary>
    public void AwaitCall()
    {
        lock (_writing)
        {
            while (!_isWriterCalled)
            {
                Monitor.Wait(_writing);
            }

            _isWriterCalled = false;
        }
    }

    /// <summary>The reading thread waits, no longer than the session lasts.</summary>
    public void Pause(TimeSpan pause)
    {
        lock (_pausing)
        {
            if (!_isStopping)
            {
                Monitor.Wait(_pausing, pause);
            }
        }
    }

    /// <summary>The session is over: the threads come to their ends.</summary>
    public void Stop(string reason)
    {
        services.Ledger.Closed();
        lock (_pausing)
        {
            _isStopping = true;
            Monitor.Pulse(_pausing);
        }

        lock (_writing)
        {
            _isWriterCalled = true;
            Monitor.Pulse(_writing);
        }

        services.CurrentLink?.Abort(reason);
        services.CallWatch();
    }

    private bool ReadOn()
    {
        services.Log.LeaderDeposed(Leadership.Patience);
        return _reader!.Run();
    }

    private void Start(string name, int stackBytes, Func<bool> run, TaskCompletionSource ended)
    {
        var thread = new Thread(() => RunGuarded(name, run, ended), stackBytes) { IsBackground = true, Name = name };
        thread.UnsafeStart();
    }

    /// <summary>The top of a thread: whatever escapes is a defect; the session is given up rather than left half alive.</summary>
    private void RunGuarded(string name, Func<bool> run, TaskCompletionSource ended)
    {
        try
        {
            if (!run())
            {
                // Another thread has its work.
                return;
            }
        }
        catch (Exception exception)
        {
            services.Log.ThreadFailed(name, exception);
        }

        Stop("the client has stopped");
        ended.TrySetResult();
    }
}
