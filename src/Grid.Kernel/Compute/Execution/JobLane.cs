using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Runtime.CompilerServices;

namespace Grid.Kernel.Compute.Execution;

/// <summary>
/// One thread that runs jobs. It belongs to the node, not to the shared pool, so jobs and links never wait for each other.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "The event makes a handle only when its WaitHandle is asked for, which nobody does: there is nothing to dispose.")]
internal sealed class JobLane
{
    /// <summary>The stack of a lane. Jobs may recurse; what is not touched is address space only.</summary>
    public const int StackBytes = 16 * 1024 * 1024;

    private const int ParksPerTrial = 16;

    [ThreadStatic]
    private static JobLane? OfThread;

    private readonly JobScheduler _scheduler;
    private readonly Thread _thread;
    private readonly ManualResetEventSlim _wake;
    private readonly int _looksMax;
    private ExecutionContext? _clean;
    private JobRun? _ended;
    private int _looks;
    private int _parks;

    // Written by this lane, read by the scheduler when it looks for blocked jobs.
    private volatile JobRun? _current;

    public JobLane(JobScheduler scheduler, int number, int spins)
    {
        _scheduler = scheduler;
        _looksMax = _looks = spins;
        _wake = new ManualResetEventSlim(false, spinCount: 0);
        _thread = new Thread(Loop, StackBytes)
        {
            IsBackground = true,
            Name = string.Create(CultureInfo.InvariantCulture, $"grid job lane {number}"),
        };
    }

    /// <summary>The job whose code this lane is running, or null.</summary>
    public JobRun? Current => _current;

    /// <summary>Whether the lane's thread is waiting for something while it runs a job.</summary>
    public bool IsBlocked => (_thread.ThreadState & ThreadState.WaitSleepJoin) != 0;

    /// <summary>Whether the calling thread is the lane that is running a piece of this job.</summary>
    public static bool IsOfThisThread(JobRun run) => OfThread is { } lane && ReferenceEquals(lane._current, run);

    public void Start() => _thread.UnsafeStart();

    public void Wake() => _wake.Set();

    private void Loop()
    {
        OfThread = this;
        _clean = ExecutionContext.Capture();
        while (RunNext(out var isIdle))
        {
            if (isIdle)
            {
                Park();
            }
        }
    }

    // A frame of its own: a lane that is parked must not keep its last job, and with it a load context.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool RunNext(out bool isIdle)
    {
        var ended = _ended;
        _ended = null;
        var goesOn = _scheduler.TakeNext(this, ended, out var work);
        isIdle = work.IsNothing;
        if (!isIdle)
        {
            Execute(work);
            _ended = work.Run;
        }

        return goesOn;
    }

    // Jobs often come in quick succession, and a thread that sleeps in the system is late by more than a small job takes; so it looks for a
    // while first, giving its processor away at each look. The while halves with each failure and doubles with each success: at rest it is nothing.
    private void Park()
    {
        for (var look = 0; look < _looks; look++)
        {
            if (_wake.IsSet)
            {
                _looks = Math.Min(_looksMax, _looks * 2);
                _wake.Reset();
                return;
            }

            Thread.Yield();
        }

        _wake.Wait();
        _wake.Reset();
        _looks = ++_parks % ParksPerTrial == 0 ? Math.Max(1, _looksMax / 4) : _looks / 2;
    }

    private void Execute(JobWork work)
    {
        _current = work.Run;
        SynchronizationContext.SetSynchronizationContext(work.Run);
        try
        {
            work.Execute();
        }
        finally
        {
            // A job may leave anything in the flowing context; the next job must not see it.
            SynchronizationContext.SetSynchronizationContext(null);
            if (_clean is not null)
            {
                ExecutionContext.Restore(_clean);
            }

            _current = null;
        }
    }
}
