using System.Diagnostics;
using Grid.Kernel.Compute.Wire;
using Grid.Kernel.Deployment.Loading;
using Grid.Serialization;
using Microsoft.Extensions.Logging;

namespace Grid.Kernel.Compute.Execution;

/// <summary>
/// One attempt of a job on the node that runs it. It is its own synchronization context, so that what follows an
/// <c>await</c> in the job comes back to a lane and can be counted against the job's slot.
/// </summary>
/// <remarks>Life: admitted, started on a lane, perhaps parked while nested work is under way, ended once by <see cref="TryEnd"/>.</remarks>
internal sealed class JobRun : SynchronizationContext, ITokenOwner
{
    private readonly JobHost _host;
    private readonly JobRequest _request;
    private Queue<JobWork>? _pending;
    private CancellationTokenSource? _cancellation;
    private RunningJobContext? _context;
    private ProgressSink? _progress;
    private CodeContext? _code;

    // Set when the delegate has been read, on a lane; read by whoever lists the jobs.
    private volatile Delegate? _job;

    // Set by an operator before the cancellation; read by the end of the job.
    private volatile string? _cancelledBy;

    // 0 while the job has no outcome; whoever makes it 1 delivers the outcome.
    private int _isEnded;

    // Timestamps, 0 for a job that is not timed; the second also until the job has got its slot. Written before the job is handed to the next thread.
    private readonly long _admittedAt;
    private long _startedAt;

    // Set by any thread that cancels the job; read when the token is made.
    private volatile bool _isCancelled;

    public JobRun(JobHost host, JobRequest request)
    {
        _host = host;
        _request = request;
        AcceptedAt = host.Parts.Time.GetTimestamp();
        CallerLog = request.Trailer.Log == LogLevel.None ? null : new CallerLog(this);
        Key = new JobKey(request.Submitter, request.Header.Number, request.Header.Attempt);
        _admittedAt = host.Parts.Statistics.RecordAdmission(Key.Number);
    }

    public JobKey Key { get; }

    public JobRequest Request => _request;

    /// <summary>When the attempt came to the node, on its monotonic clock.</summary>
    public long AcceptedAt { get; }

    public JobHost Host => _host;

    public bool IsCancelled => _isCancelled;

    /// <summary>Who cancelled the job in the submitter's stead; null when nobody did.</summary>
    public string? CancelledBy => _cancelledBy;

    /// <summary>Where the submitter gets the job's log lines; null when it wants none.</summary>
    public CallerLog? CallerLog { get; }

    public bool IsEnded => Volatile.Read(ref _isEnded) != 0;

    /// <summary>Whether the job's own code may have been entered. Any thread; certain once the job has ended.</summary>
    public bool HasBegun => _job is not null;

    /// <summary>What the job's code sees of itself.</summary>
    public RunningJobContext Context => _context ?? Interlocked.CompareExchange(ref _context, new RunningJobContext(this), null) ?? _context;

    /// <summary>Reads and writes the job's values.</summary>
    public GridSerializer Serializer => _code?.Serializer ?? _host.Parts.Serializer;

    public ReadScope ReadScope => new() { TokenOwner = this };

    /// <summary>Cancels the job when its submitter stops waiting; null without a limit.</summary>
    public ArmedDeadline? Deadline { get; set; }

    /// <summary>The span of the job in the submitter's trace; null when nobody listens.</summary>
    public Activity? Activity { get; set; }

    /// <summary>Whether the job is a fork/join computation, which says itself when a thread of it blocks. Set by its lane.</summary>
    public bool IsComputation { get; set; }

    /// <summary>The wait for the task that the job returned, kept so that it is not collected or forgotten.</summary>
    public Task? Completing { get; set; }

    /// <summary>Where the job's reports go.</summary>
    public IProgress<JobProgress> ProgressSink => _progress ?? Interlocked.CompareExchange(ref _progress, new ProgressSink(this), null) ?? _progress;

    private bool WantsNotices => (_request.Header.Flags & JobFlags.WantsNotices) != 0;

    // The six members below belong to the scheduler, which reads and writes them under its lock.
    public SlotState SlotState { get; set; }

    public int NestedWork { get; set; }

    public int RunningSegments { get; set; }

    public int QueuedContinuations { get; set; }

    public bool EndsWithSegment { get; set; }

    public Queue<JobWork> Pending => _pending ??= new Queue<JobWork>();

    /// <summary>Cancelled with the job. Made when first asked for: most jobs never do.</summary>
    public CancellationToken Token
    {
        get
        {
            if (_cancellation is null)
            {
                Interlocked.CompareExchange(ref _cancellation, new CancellationTokenSource(), null);
                if (_isCancelled)
                {
                    _ = _cancellation.CancelAsync();
                }
            }

            return _cancellation.Token;
        }
    }

    /// <summary>What an operator sees of the job.</summary>
    public JobReport Report() => new()
    {
        Id = new JobId(Key.Submitter.Id, Key.Number),
        Attempt = Key.Attempt,
        Name = _request.Trailer.Name.Length > 0 ? _request.Trailer.Name : _job is { } job ? MethodTitle.Of(job.Method) : "",
        Submitter = _request.Replies.Submitter,
        Status = _job is null ? JobStatus.Waiting : JobStatus.Running,
        Age = _host.Parts.Time.GetElapsedTime(AcceptedAt),
    };

    /// <summary>An operator no longer wants the job: its submitter is told so, and does not try elsewhere.</summary>
    public void Cancel(string by)
    {
        _cancelledBy = by;
        Cancel();
    }

    /// <summary>The first piece of the job's code. Runs on a lane.</summary>
    public void Start()
    {
        _startedAt = _host.Parts.Statistics.RecordStart(_admittedAt);
        if (_isCancelled)
        {
            _host.EndCancelled(this);
            return;
        }

        JobContext.Enter(Context);
        try
        {
            _host.Invoke(this);
        }
        catch (Exception exception)
        {
            _host.EndWithException(this, exception);
        }
    }

    /// <summary>A later piece of the job's code. Runs on a lane.</summary>
    public void Continue(SendOrPostCallback callback, object? state)
    {
        try
        {
            callback(state);
        }
        catch (Exception exception)
        {
            // An async void method of the job threw: as in a console program, it is the job's failure.
            _host.EndWithException(this, exception);
        }
    }

    /// <summary>Claims the right to deliver the job's outcome.</summary>
    /// <returns>False when somebody else has it.</returns>
    public bool TryEnd() => Interlocked.Exchange(ref _isEnded, 1) == 0;

    /// <summary>Asks the job's code to stop. Any thread; a second call does nothing.</summary>
    public void Cancel()
    {
        if (_isCancelled)
        {
            return;
        }

        _isCancelled = true;

        // The token shows it at once, to a job that polls; callbacks of the job's own run on the shared pool, never here.
        _ = _cancellation?.CancelAsync();
    }

    /// <summary>Gives the job the code that it runs in, before it is admitted; the job gives the lease back when it ends.</summary>
    public void Enter(CodeContext code) => _code = code;

    public TArg ReadArgument<TArg>(GridSerializer serializer) => serializer.Read<TArg>(_request.Argument, ReadScope);

    /// <summary>Tells the submitter that the job's code is about to run, if it wants to know.</summary>
    public void NotifyStarted(Delegate job)
    {
        _job = job;
        if (WantsNotices)
        {
            _request.Replies.Notify(new JobNotice(Key.Number, Key.Attempt).ToBytes());
        }
    }

    /// <summary>Sends the last report before the outcome.</summary>
    public void FlushProgress() => _progress?.Close();

    /// <summary>Ends what the job holds: its span, its deadline, the request's buffer.</summary>
    public void Release()
    {
        Debug.Assert(IsEnded);
        _host.Parts.Statistics.RecordEnd(_startedAt);
        Activity?.Dispose();
        Deadline?.Cancel();
        _request.ReleasePayload();

        // Whatever still refers to the job must not keep its code.
        Interlocked.Exchange(ref _code, null)?.Release();
    }

    /// <inheritdoc/>
    public override void Post(SendOrPostCallback d, object? state) => _host.Scheduler.Post(this, d, state);

    /// <inheritdoc/>
    public override void Send(SendOrPostCallback d, object? state) => d(state);

    /// <inheritdoc/>
    public override SynchronizationContext CreateCopy() => this;
}
