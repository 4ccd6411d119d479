using System.Diagnostics;
using Grid.Kernel.Compute.Wire;
using Grid.Kernel.Deployment.Loading;
using Grid.Serialization;
using Grid.Spi;
using Microsoft.Extensions.Logging;

namespace Grid.Kernel.Compute.Execution;

/// <summary>
/// One attempt of a job on the node that runs it. It is its own synchronization context, so that what follows an
/// <c>await</c> in the job comes back to a lane and can be counted against the job's slot.
/// </summary>
/// <remarks>
/// Life: admitted, started on a lane, perhaps parked while nested work is under way, ended once by <see cref="TryEnd"/>. A job that was cancelled and goes on is abandoned by
/// <see cref="TryAbandon"/>, which delivers an outcome in its place, and ended by <see cref="TryEndAbandoned"/>.
/// </remarks>
internal sealed class JobRun : SynchronizationContext, ITokenOwner, IWaitingJob
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

    // One of the three below. Whoever changes it from the first delivers the outcome.
    private int _end;
    private const int NotEnded = 0;
    private const int Ended = 1;
    private const int Abandoned = 2;

    // Timestamps, 0 for a job that is not timed; the second also until the job has got its slot. Written before the job is handed to the next thread.
    private readonly long _admittedAt;
    private long _startedAt;

    // How often it was seen running, up to 2.
    private byte _looks;

    // Made 1 by the thread that cancels the job; read when the token is made.
    private int _isCancelled;

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

    public bool IsCancelled => Volatile.Read(ref _isCancelled) != 0;

    /// <summary>Who cancelled the job in the submitter's stead; null when nobody did. Set before the cancellation.</summary>
    public string? CancelledBy
    {
        get => _cancelledBy;
        set => _cancelledBy = value;
    }

    /// <summary>Where the submitter gets the job's log lines; null when it wants none.</summary>
    public CallerLog? CallerLog { get; }

    /// <summary>Whether the job has its outcome.</summary>
    public bool IsEnded => Volatile.Read(ref _end) != NotEnded;

    /// <summary>What it needs of the node's resources.</summary>
    public ResourceAmounts Resources => _request.Trailer.Terms.Resources;

    /// <inheritdoc/>
    JobId IWaitingJob.JobId => new(Key.Submitter.Id, Key.Number);

    /// <inheritdoc/>
    int IWaitingJob.Priority => _request.Trailer.Terms.Priority;

    /// <inheritdoc/>
    string IWaitingJob.Pool => _request.Trailer.Terms.Pool;

    /// <inheritdoc/>
    string IWaitingJob.Tenant => _request.Trailer.Terms.Tenant;

    /// <inheritdoc/>
    TimeSpan IWaitingJob.ArrivedAt => _host.Parts.Time.GetElapsedTime(0, AcceptedAt);

    /// <summary>Whether the job's own code may have been entered. Any thread; certain once the job has ended.</summary>
    public bool HasBegun => _job is not null;

    /// <summary>What the job's code sees of itself.</summary>
    public RunningJobContext Context => _context ?? Interlocked.CompareExchange(ref _context, new RunningJobContext(this), null) ?? _context;

    /// <summary>Reads and writes the job's values.</summary>
    public GridSerializer Serializer => _code?.Serializer ?? _host.Parts.Serializer;

    public ReadScope ReadScope => new() { TokenOwner = this };

    /// <summary>Cancels the job when its submitter stops waiting; once it is cancelled, abandons it if it does not heed that. Null without a limit.</summary>
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

    /// <summary>Why the scheduler did not take the job; null when it did. Written by the scheduler, read by whoever handed the job in.</summary>
    public string? Refusal { get; set; }

    // The seven members below belong to the scheduler, which reads and writes them under its lock.
    public bool IsWithdrawn { get; set; }

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
                if (IsCancelled)
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
        Status = Volatile.Read(ref _end) == Abandoned ? JobStatus.Abandoned : _job is null ? JobStatus.Waiting : JobStatus.Running,
        Age = _host.Parts.Time.GetElapsedTime(AcceptedAt),
    };

    /// <summary>The first piece of the job's code. Runs on a lane.</summary>
    public void Start()
    {
        _startedAt = _host.Parts.Statistics.RecordStart(_admittedAt);
        if (IsCancelled)
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
    public bool TryEnd() => Interlocked.CompareExchange(ref _end, Ended, NotEnded) == NotEnded;

    /// <summary>Claims the right to deliver an outcome in place of code that goes on although it was cancelled.</summary>
    /// <returns>False when somebody else has it.</returns>
    public bool TryAbandon() => Interlocked.CompareExchange(ref _end, Abandoned, NotEnded) == NotEnded;

    /// <summary>The code of the job has ended.</summary>
    /// <returns>False when the job was not abandoned, or has ended before.</returns>
    public bool TryEndAbandoned() => Interlocked.CompareExchange(ref _end, Ended, Abandoned) == Abandoned;

    /// <summary>Asks the job's code to stop. Any thread; a second call does nothing.</summary>
    /// <returns>Whether it was the first.</returns>
    public bool Cancel()
    {
        if (Interlocked.Exchange(ref _isCancelled, 1) != 0)
        {
            return false;
        }

        // The token shows it at once, to a job that polls; callbacks of the job's own run on the shared pool, never here.
        _ = _cancellation?.CancelAsync();
        return true;
    }

    /// <summary>Gives the job the code that it runs in, before it is admitted; the job gives the lease back when it ends.</summary>
    public void Enter(CodeContext code) => _code = code;

    public TArg ReadArgument<TArg>(GridSerializer serializer) => serializer.Read<TArg>(_request.Argument, ReadScope);

    /// <summary>Tells the submitter that the job's code is about to run, if it wants to know.</summary>
    public void NotifyStarted(Delegate job)
    {
        _job = job;
        _host.Trail.Started(this);
        if (WantsNotices)
        {
            _request.Replies.Notify(new JobNotice(Key.Number, Key.Attempt).ToBytes());
        }
    }

    /// <summary>Whether the job has been seen running for the second time: then its submitter is told, once. One thread calls it.</summary>
    public bool TurnsToNews() => _job is not null && _looks < 2 && ++_looks == 2;

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
