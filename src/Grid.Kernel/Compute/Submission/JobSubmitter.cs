using System.Collections.Concurrent;
using Grid.Kernel.Compute.Wire;
using Grid.Kernel.Deployment.Code;
using Grid.Kernel.Health;
using Grid.Messaging;
using Grid.Serialization;
using Grid.Spi;
using Microsoft.Extensions.Logging;

namespace Grid.Kernel.Compute.Submission;

/// <summary>Sends jobs to nodes and brings their outcomes back, for everything that submits in this process.</summary>
internal sealed class JobSubmitter : IDisposable
{
    // Enough for the header and a delegate without captured values.
    private const int SmallRequestBytes = 96;

    private readonly JobSubmitterParts _parts;

    // The jobs that wait for a node, and whether there ever was one: to ask an empty dictionary takes all its locks.
    private readonly ConcurrentDictionary<JobCall, byte> _paused = new();
    private volatile bool _hasPaused;
    private readonly CancellationTokenSource _disposing = new();
    private readonly EligibleNodes _allNodes;
    private readonly Lock _randomGate = new();
    private long _lastNumber;
    private long _lastCall;

    public JobSubmitter(ComputeOptions options, JobSubmitterParts parts)
    {
        Options = options;
        _parts = parts;
        Placement = new JobPlacement(parts.Providers.Balancer, options, parts.Time, parts.Logger);
        Failover = new JobFailover(parts.Providers.Failover, parts.Logger);
        Clock = new DeadlineClock(parts.Time, "grid call deadlines");
        _allNodes = new EligibleNodes(parts.Directory, NodeSelector.Any);
        parts.Directory.Changed += WakePaused;
    }

    public ComputeOptions Options { get; }

    public JobPlacement Placement { get; }

    public JobFailover Failover { get; }

    /// <summary>The jobs that somebody follows.</summary>
    public FollowedJobs Followed { get; } = new();

    /// <summary>The jobs that wait for room on a node.</summary>
    public HeldJobs Held { get; } = new();

    public DeadlineClock Clock { get; }

    public ReplyDecoder Decoder { get; } = new(threads: 1);

    public TimeProvider Time => _parts.Time;

    public ILogger Logger => _parts.Logger;

    public ComputeMetrics Metrics => _parts.Metrics;

    public NodeId LocalId => _parts.LocalId;

    public TargetDirectory Directory => _parts.Directory;

    public bool IsDisposed => _disposing.IsCancellationRequested;

    /// <summary>Cancelled when the grid is disposed.</summary>
    public CancellationToken Disposing => _disposing.Token;

    /// <summary>The targets that a selector leaves; those of the whole grid are shared by all who ask.</summary>
    public EligibleNodes NodesFor(NodeSelector selector) =>
        ReferenceEquals(selector, NodeSelector.Any) ? _allNodes : new EligibleNodes(Directory, selector);

    /// <summary>The targets that a selector leaves and that have what jobs with these options need.</summary>
    public EligibleNodes NodesFor(NodeSelector selector, JobOptions options) =>
        NodesFor(options.Resources.Count == 0 ? selector : selector.And(NodeSelector.WithResources(options.Resources)));

    /// <summary>Encodes a job; refuses what cannot be shipped before anything is sent.</summary>
    public JobCall<TResult> Prepare<TResult>(JobSpec spec, Delegate job) =>
        Finish<TResult>(spec, EncodeDelegate(spec, job, out var delegateBytes), JobFlags.None, delegateBytes);

    /// <inheritdoc cref="Prepare{TResult}(JobSpec, Delegate)"/>
    public JobCall<TResult> Prepare<TArg, TResult>(JobSpec spec, Delegate job, TArg arg)
    {
        var request = EncodeDelegate(spec, job, out var delegateBytes);
        return Finish<TArg, TResult>(spec, request, delegateBytes, arg);
    }

    /// <summary>Encodes a job whose delegate has been encoded before: for many items of one call.</summary>
    public JobCall<TResult> Prepare<TArg, TResult>(JobSpec spec, ReadOnlySpan<byte> encodedDelegate, TArg arg)
    {
        var request = NewRequest();
        encodedDelegate.CopyTo(request.GetSpan(encodedDelegate.Length));
        request.Advance(encodedDelegate.Length);
        return Finish<TArg, TResult>(spec, request, encodedDelegate.Length, arg);
    }

    /// <summary>The bytes of a delegate, for <see cref="Prepare{TArg, TResult}(JobSpec, ReadOnlySpan{byte}, TArg)"/>.</summary>
    public byte[] Encode(JobSpec spec, Delegate job)
    {
        using var request = EncodeDelegate(spec, job, out _);
        return request.WrittenSpan[JobHeader.Size..].ToArray();
    }

    /// <summary>Starts a job at once when there is room, or as soon as there is.</summary>
    public Task<TResult> RunAsync<TResult>(JobSpec spec, JobCall<TResult> call, CancellationToken ct)
    {
        ObjectDisposedException.ThrowIf(IsDisposed, typeof(IGrid));
        if (!spec.Scope.TryEnter())
        {
            return RunWhenThereIsRoomAsync(spec, call, ct);
        }

        Start(call, ct);
        return call.Task;
    }

    /// <summary>Starts a job for which the caller has entered the scope.</summary>
    public void Start(JobCall call, CancellationToken ct)
    {
        Metrics.CountSubmitted();
        Followed.Add(call);
        call.Start(ct);
    }

    public void OnEnded(JobCall call)
    {
        Metrics.CountEnded();
        Followed.Remove(call);
        if (_hasPaused)
        {
            _paused.TryRemove(call, out _);
        }
    }

    /// <summary>Counts and notes an attempt that gave no outcome.</summary>
    public void OnAttemptFailed(JobId job, JobAttempt attempt)
    {
        Metrics.CountAttemptFailed();
        ComputeLog.AttemptFailed(Logger, job.Number, attempt);
        _parts.Recorder?.Record(NodeEventKind.AttemptFailed, job, attempt.Number, attempt.Node.Name, attempt.ToString());
    }

    /// <summary>The job waits for a node; a change of the topology wakes it.</summary>
    public void OnPaused(JobCall call)
    {
        _hasPaused = true;
        _paused.TryAdd(call, 0);
    }

    /// <summary>
    /// How long a job rests before it is sent to a node that has failed it: full jitter. One that was not sent yet waits for nodes to answer, of which it is told.
    /// </summary>
    public TimeSpan PauseAfter(int attempts)
    {
        lock (_randomGate)
        {
            return Options.RetryPause * Math.Pow(2, attempts == 0 ? 4 : Math.Min(attempts, 6)) * _parts.Random.NextDouble();
        }
    }

    /// <summary>How long is left until a time, in milliseconds; -1 when there is no limit.</summary>
    public long RemainingMs(long? dueAt) => dueAt is { } due ? Math.Max(0, (long)Time.GetElapsedTime(Time.GetTimestamp(), due).TotalMilliseconds) : -1;

    /// <summary>How many attempts of a job may fail.</summary>
    public int FailuresMax(JobOptions options) => options.OwnMaxAttempts ?? Options.MaxAttempts;

    /// <summary>What reads and writes values for a submitter: a job's nested work is in the job's own code.</summary>
    public GridSerializer SerializerFor(JobSpec spec) => spec.Scope.Parent?.Serializer ?? _parts.Deployment.Serializer;

    public Exception ReadException(JobSpec spec, ReadOnlySpan<byte> body)
    {
        try
        {
            return SerializerFor(spec).ReadException(body);
        }
        catch (GridException exception)
        {
            return exception;
        }
    }

    /// <summary>The job with a number, if it has not ended and was sent to another node, waits for one, or is followed.</summary>
    public JobCall? Find(long number, IEnumerable<Peer> peers) =>
        peers.SelectMany(peer => peer.ListPending()).Select(pending => pending.Value).OfType<JobCall>().Concat(_paused.Keys).Concat(Followed.All)
            .FirstOrDefault(call => call.Id.Number == number);

    /// <summary>Ends what is waiting. Jobs on the nodes end when the messenger fails their requests.</summary>
    public void Dispose()
    {
        if (IsDisposed)
        {
            return;
        }

        _parts.Directory.Changed -= WakePaused;
        _disposing.Cancel();
        WakePaused();
        Clock.Dispose();
        Decoder.Dispose();
    }

    /// <summary>A number for a call of several jobs.</summary>
    public long NextCall() => Interlocked.Increment(ref _lastCall);

    private static MessageBuffer NewRequest()
    {
        var request = new MessageBuffer(SmallRequestBytes);
        request.GetSpan(JobHeader.Size);
        request.Advance(JobHeader.Size);
        return request;
    }

    private MessageBuffer EncodeDelegate(JobSpec spec, Delegate job, out int delegateBytes)
    {
        var request = NewRequest();
        try
        {
            SerializerFor(spec).Write(request, job);
        }
        catch
        {
            request.Dispose();
            throw;
        }

        delegateBytes = request.WrittenBytes - JobHeader.Size;
        return request;
    }

    private JobCall<TResult> Finish<TArg, TResult>(JobSpec spec, MessageBuffer request, int delegateBytes, TArg arg)
    {
        try
        {
            SerializerFor(spec).Write(request, arg, "argument");
        }
        catch
        {
            request.Dispose();
            throw;
        }

        return Finish<TResult>(spec, request, JobFlags.HasArgument, delegateBytes);
    }

    private JobCall<TResult> Finish<TResult>(JobSpec spec, MessageBuffer request, JobFlags flags, int delegateBytes)
    {
        CodeSetId code;
        try
        {
            var payloads = request.WrittenSpan[JobHeader.Size..];
            code = _parts.Deployment.SetFor(payloads[..delegateBytes], payloads[delegateBytes..]);
        }
        catch
        {
            request.Dispose();
            throw;
        }

        if (JobTrailer.IsNeeded(spec.Options))
        {
            JobTrailer.For(spec.Options).Write(request);
            flags |= JobFlags.HasTrailer;
        }

        return new JobCall<TResult>(this, spec, new RequestBytes(request, Header(spec, flags, delegateBytes) with { Code = code }), DueAt(spec));
    }

    private JobHeader Header(JobSpec spec, JobFlags flags, int delegateBytes)
    {
        flags |= spec.WantsNotices ? JobFlags.WantsNotices : JobFlags.None;
        flags |= spec.Options.Isolation switch
        {
            CodeIsolation.Isolated => JobFlags.IsolatedCode,
            CodeIsolation.Private => JobFlags.PrivateCode,
            _ => JobFlags.None,
        };
        var call = spec.Call == 0 && spec.Options.Isolation == CodeIsolation.Private ? NextCall() : spec.Call;
        return new JobHeader(Interlocked.Increment(ref _lastNumber), 0, -1, flags, delegateBytes) { Call = call };
    }

    private long? DueAt(JobSpec spec)
    {
        var inherited = spec.Scope.Parent?.Request.DeadlineTimestamp;
        if (spec.Options.Timeout is not { } timeout)
        {
            return inherited;
        }

        var own = Clock.After(timeout);
        return inherited < own ? inherited : own;
    }

    private async Task<TResult> RunWhenThereIsRoomAsync<TResult>(JobSpec spec, JobCall<TResult> call, CancellationToken ct)
    {
        using (var either = CancellationTokenSource.CreateLinkedTokenSource(ct, Disposing))
        {
            await spec.Scope.EnterAsync(either.Token).ConfigureAwait(false);
        }

        Start(call, ct);
        return await call.Task.ConfigureAwait(false);
    }

    private void WakePaused()
    {
        foreach (var call in _paused.Keys)
        {
            _paused.TryRemove(call, out _);
            call.OnPauseEnded();
        }

        Held.OnRoom();
    }
}
