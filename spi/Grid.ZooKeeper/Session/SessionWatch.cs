namespace Grid.ZooKeeper.Session;

/// <summary>
/// The thread that watches the time for all sessions of the process: it has each look when its time has come or when it is called. It runs nothing that blocks. One
/// for all, because a thousand sessions that wake a thread each cost more than what they are woken for. It ends with the last session.
/// </summary>
internal sealed class SessionWatch
{
    private const int StackBytes = 256 * 1024;

    /// <summary>So many outdated entries are kept, and one per session more.</summary>
    private const int LeftBehindMax = 64;
    private static readonly TimeProvider Clock = TimeProvider.System;
    private readonly object _gate = new();
    private readonly Queue<WatchedSession> _called = new();

    /// <summary>By the time of the next look. One that was called before its time leaves an entry behind, which <see cref="WatchedSession.DueAt"/> tells; there are never many.</summary>
    private readonly PriorityQueue<WatchedSession, long> _due = new();
    private int _sessions;
    private bool _isRunning;

    /// <summary>Whether it waits for longer than it may take to come when called.</summary>
    private bool _isAsleep;

    public static SessionWatch OfProcess { get; } = new();

    /// <summary>From now on the session is looked after, until it says that it is over.</summary>
    public void Add(WatchedSession session)
    {
        lock (_gate)
        {
            _sessions++;
            session.IsWatched = true;
            CallNeedsLock(session);
            if (_isRunning)
            {
                return;
            }

            _isRunning = true;
        }

        new Thread(Run, StackBytes) { IsBackground = true, Name = "zookeeper-watch" }.UnsafeStart();
    }

    /// <summary>Has the session look soon: at once when the thread sleeps, otherwise within <see cref="Leadership.Patience"/>. Any thread.</summary>
    public void Call(WatchedSession session)
    {
        lock (_gate)
        {
            CallNeedsLock(session);
        }
    }

    private void CallNeedsLock(WatchedSession session)
    {
        if (session.IsCalled || !session.IsWatched)
        {
            return;
        }

        session.IsCalled = true;
        _called.Enqueue(session);
        if (_isAsleep)
        {
            _isAsleep = false;
            Monitor.Pulse(_gate);
        }
    }

    private void Run()
    {
        while (TryTakeNext(out var session, out var isCalled))
        {
            Schedule(session!, session!.Look(isCalled));
        }
    }

    /// <summary>What is due comes before what is called, so that nobody who is called all the time keeps others from their time.</summary>
    /// <returns>False when there is no session any more.</returns>
    private bool TryTakeNext(out WatchedSession? session, out bool isCalled)
    {
        lock (_gate)
        {
            while (true)
            {
                isCalled = false;
                if (TryTakeDueNeedsLock(out session, out var wait))
                {
                    return true;
                }

                isCalled = TryTakeCalledNeedsLock(out session);
                if (isCalled)
                {
                    return true;
                }

                if (_sessions == 0)
                {
                    _due.Clear();
                    _isRunning = false;
                    return false;
                }

                _isAsleep = wait > Leadership.Patience || wait < TimeSpan.Zero;
                Monitor.Wait(_gate, wait);
                _isAsleep = false;
            }
        }
    }

    /// <summary>One that was called during its last look is not there any more.</summary>
    private bool TryTakeCalledNeedsLock(out WatchedSession? session)
    {
        while (_called.TryDequeue(out session))
        {
            session.IsCalled = false;
            session.DueAt = 0;
            if (session.IsWatched)
            {
                return true;
            }
        }

        return false;
    }

    private bool TryTakeDueNeedsLock(out WatchedSession? session, out TimeSpan wait)
    {
        var now = Clock.GetTimestamp();
        while (_due.TryPeek(out session, out var dueAt))
        {
            if (session.DueAt == dueAt && dueAt > now)
            {
                // Rounded up: a wait of a fraction of a millisecond would be a busy loop.
                wait = TimeSpan.FromMilliseconds(Math.Ceiling(Clock.GetElapsedTime(now, dueAt).TotalMilliseconds));
                return false;
            }

            _due.Dequeue();
            if (session.DueAt == dueAt)
            {
                session.DueAt = 0;
                wait = TimeSpan.Zero;
                return true;
            }
        }

        wait = Timeout.InfiniteTimeSpan;
        return false;
    }

    private void Schedule(WatchedSession session, TimeSpan? next)
    {
        lock (_gate)
        {
            if (next is not { } wait)
            {
                _sessions--;
                session.IsWatched = false;
                return;
            }

            if (!session.IsCalled)
            {
                session.DueAt = Clock.GetTimestamp() + SessionTimings.Units(wait, Clock);
                _due.Enqueue(session, session.DueAt);
                DropLeftBehindNeedsLock();
            }
        }
    }

    private void DropLeftBehindNeedsLock()
    {
        if (_due.Count > LeftBehindMax + (2 * _sessions))
        {
            (WatchedSession, long)[] current = [.. _due.UnorderedItems.Where(entry => entry.Element.DueAt == entry.Priority)];
            _due.Clear();
            _due.EnqueueRange(current);
        }
    }
}
