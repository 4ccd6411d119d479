using Grid.Kernel.Compute.Wire;
using Grid.Messaging;
using Grid.Serialization;
using Grid.Spi;

namespace Grid.Kernel.Compute.Submission;

/// <summary>
/// One job at its submitter: it feeds a <see cref="JobMachine"/> with replies, failures, time and cancellation, from whatever thread they come,
/// and carries out what the machine decides.
/// </summary>
internal abstract class JobCall : IReplyHandler
{
    private readonly JobSubmitter _submitter;
    private readonly RequestBytes _request;
    private readonly long _startedAt; // Set when there is a deadline.
    private readonly long? _dueAt;

    // Changed in place by its own methods, which lock: neither readonly nor copied.
    private JobAttempts _attempts;

    // Written by End, read by Start and by those who keep a list of jobs.
    private volatile bool _isEnded;

    // Armed by Start; released when the job ends, or by Start when it ended before.
    private JobTriggers _triggers;

    /// <summary>Makes a job that is not started.</summary>
    /// <param name="submitter">Who places it.</param>
    /// <param name="spec">How it is to be run.</param>
    /// <param name="request">The encoded request; owned by the job.</param>
    /// <param name="dueAt">When the caller stops waiting, on the submitter's clock.</param>
    protected JobCall(JobSubmitter submitter, JobSpec spec, RequestBytes request, long? dueAt)
    {
        _submitter = submitter;
        Spec = spec;
        _request = request;
        _dueAt = dueAt;
        _startedAt = dueAt is null ? 0 : submitter.Time.GetTimestamp();
        _attempts = new JobAttempts(new JobMachine(spec.Options, submitter.FailuresMax(spec.Options)));
    }

    public JobId Id => new(_submitter.LocalId, _request.Number);

    /// <summary>How it is to be run; shared by the jobs of a call.</summary>
    public JobSpec Spec { get; }

    public bool IsEnded => _isEnded;

    /// <summary>The node that has the job, had it last, or gave the outcome.</summary>
    public NodeInfo? Node => _attempts.Look().Node;

    /// <summary>How the job stands at this moment.</summary>
    public JobStanding Standing => _attempts.Stand();

    /// <summary>Whether it may get a second attempt beside the one that is under way.</summary>
    public bool CanDouble => _attempts.Look().CanDouble;

    /// <summary>Told when the job starts, how far it is, and (the other one) what it logs; set before <see cref="Start"/>.</summary>
    public Action<JobNotice>? Noticed { get; set; }
    public Action<JobLogLine>? Logged { get; set; }

    /// <summary>Reads what the job gives.</summary>
    protected GridSerializer Serializer => _submitter.SerializerFor(Spec);

    private string Name => Spec.Options.Name ?? Id.ToString();

    /// <summary>Sends the first attempt, or holds the job until a node has room. The caller has room in its scope; the end of the job gives it back.</summary>
    public void Start(CancellationToken ct)
    {
        var parent = Spec.Scope.Parent;
        parent?.Host.BeginNested(parent);
        _triggers.Arm(this, _submitter.Clock, _dueAt, ct, parent?.Token ?? CancellationToken.None);
        Place();
        if (_isEnded)
        {
            // It may have ended before the triggers were stored.
            _triggers.Release();
        }
    }

    /// <summary>Ends the job as cancelled, here and where it runs.</summary>
    public void GiveUp(CancellationToken token)
    {
        if (EndEarly())
        {
            OnCancelled(token);
        }
    }

    /// <summary>The caller waits no longer.</summary>
    public void OnDeadline()
    {
        if (EndEarly())
        {
            OnError(JobErrors.TimedOut(Name, _submitter.Time.GetElapsedTime(_startedAt), Node, _attempts.Look().History));
        }
    }

    void IReplyHandler.OnReply(Peer from, in IncomingMessage message) => OnReply(attempt: 0, in message);

    void IReplyHandler.OnFailed(GridException error) => OnFailed(_attempts.First, error);

    /// <summary>The answer to an attempt has arrived.</summary>
    /// <param name="attempt">Which; 0 for the first of those under way.</param>
    /// <param name="message">The answer.</param>
    public void OnReply(int attempt, in IncomingMessage message)
    {
        if (!JobReply.TryRead(message.Payload, out var reply))
        {
            OnAttemptFailed(attempt == 0 ? _attempts.First : attempt, new AttemptFailure("the node sent a malformed reply", AttemptFailureKind.Lost, MayHaveRun: true));
        }
        else if (reply.Status is not (ReplyStatus.Returned or ReplyStatus.Threw) || (reply.Status == ReplyStatus.Returned && IsPlain(reply.Body.Length)))
        {
            TakeReply(message.Payload);
        }
        else
        {
            // Reading it may run code of the user's (a comparer, a converter), which must not hold up the link.
            _submitter.Decoder.Post(this, message.TakePayload());
        }
    }

    /// <summary>No answer to an attempt will arrive.</summary>
    public void OnFailed(int attempt, GridException error) =>
        OnAttemptFailed(attempt, new AttemptFailure(error.Message, AttemptFailureKind.Lost, MayHaveRun: error is CommunicationException { MayHaveBeenDelivered: true }));

    /// <summary>An attempt was answered.</summary>
    /// <param name="payload">The encoded reply.</param>
    public void TakeReply(ReadOnlySpan<byte> payload)
    {
        _ = JobReply.TryRead(payload, out var reply);
        switch (reply.Status)
        {
            case ReplyStatus.Rejected or ReplyStatus.GivenUp:
                OnAttemptFailed(reply.Attempt, AttemptFailure.Refused(in reply));
                break;
            case ReplyStatus.Threw when Spec.Options.IsIdempotent && _submitter.Failover.RetriesExceptions:
                OnAttemptFailed(reply.Attempt, AttemptFailure.Threw(_submitter.ReadException(Spec, reply.Body)));
                break;
            default:
                Deliver(in reply);
                break;
        }
    }

    /// <summary>The node told something about an attempt.</summary>
    public void OnNotice(JobNotice notice)
    {
        if (_attempts.OnNotice(notice.Attempt))
        {
            Noticed?.Invoke(notice);
        }
    }

    /// <summary>The pause is over, or the topology changed: try to place the job again.</summary>
    public void OnPauseEnded() =>
        Perform(_attempts.OnPauseEnded(Spec.Nodes.Targets.IsEmpty ? _submitter.Clock.After(-_submitter.Options.PlacementTimeout) : long.MinValue));

    /// <summary>The node says that the job of a request has been running for a while.</summary>
    public void OnRunning(long requestId) => _attempts.OnRunning(requestId);

    /// <summary>The node of a request does not answer: takes the job back and sends it elsewhere, unless it is known to run there or has nowhere to go.</summary>
    public void TryMove(long requestId, string reason)
    {
        if (Spec.Nodes.Targets.IsEmpty || _attempts.FindMovable(requestId) is not { Target: { } target } attempt)
        {
            return;
        }

        target.Abandon(requestId, new JobNotice(_request.Number, attempt.Number).ToBytes());
        OnAttemptFailed(attempt.Number, new AttemptFailure($"the job was taken back while it waited there, because the node {reason}", AttemptFailureKind.Lost, MayHaveRun: false) { IsMove = true });
    }

    /// <summary>Places the job that was held. One thread at a time calls it.</summary>
    /// <returns>False when there is still no room for it; otherwise it is not held any more.</returns>
    public bool TryPlaceHeld()
    {
        if (_submitter.IsDisposed)
        {
            GiveUp(new CancellationToken(true));
            return true;
        }

        var effect = ChooseAndSend();
        if (effect == JobEffect.Hold)
        {
            return false;
        }

        Perform(effect);
        return true;
    }

    /// <summary>Sends a second attempt to a node that has not had the job.</summary>
    /// <returns>False when there is none, or the job is not in a state for it.</returns>
    public bool TryDouble()
    {
        var asItIs = _attempts.Look();
        var target = asItIs.CanDouble ? _submitter.Placement.ChooseAnother(Spec, in asItIs) : null;
        var attempt = target is null ? 0 : _attempts.OnDoubled(target, _submitter.Time.GetTimestamp());
        if (attempt > 0)
        {
            _submitter.Metrics.CountDoubled();
            OnSent(target!, attempt, _request.SendCopyTo(target!, attempt, _submitter.RemainingMs(_dueAt), this, new SecondReplies(this, attempt)));
        }

        return attempt > 0;
    }

    /// <summary>Gives the caller the result that was taken over.</summary>
    public abstract void Complete();

    /// <summary>Whether the result can be read without running any code of the user's, in next to no time.</summary>
    protected abstract bool IsPlain(int bytes);

    /// <summary>Takes the result over.</summary>
    protected abstract void OnReturned(ReadOnlySpan<byte> body);

    protected abstract void OnError(Exception exception);

    protected abstract void OnCancelled(CancellationToken token);

    private void Place()
    {
        if (_submitter.IsDisposed)
        {
            GiveUp(new CancellationToken(true));
        }
        else if (_submitter.Held.Count > 0 && Spec.MayBeHeld && _attempts.Look().Attempt == 0)
        {
            // Those that wait come first.
            Perform(_attempts.OnNoRoom());
        }
        else
        {
            Perform(ChooseAndSend());
        }
    }

    /// <summary>Chooses a node and sends an attempt there, if there is one.</summary>
    /// <returns>What is to be done otherwise.</returns>
    private JobEffect ChooseAndSend()
    {
        // Nothing but the end of the job changes the machine while a node is being chosen.
        var asItIs = _attempts.Look();
        var now = _submitter.Time.GetTimestamp();
        var target = _submitter.Placement.Choose(Spec, in asItIs, now, out var verdict);
        var effect = _attempts.OnChosen(target, verdict, target is null && Spec.Nodes.IsWorthWaiting, now, out var attempt);
        if (attempt > 0)
        {
            OnSent(target!, attempt, _request.SendTo(target!, attempt, _submitter.RemainingMs(_dueAt), this));
            Spec.Stragglers?.OnSent(this, now);
        }

        return effect;
    }

    private void OnSent(JobTarget target, int attempt, long requestId)
    {
        if (_attempts.OnSent(attempt, requestId))
        {
            // While it was being sent: the cancellation has gone ahead of the request, so it is said again.
            target.Abandon(requestId, new JobNotice(_request.Number, attempt).ToBytes());
        }
    }

    private void Deliver(in JobReply reply)
    {
        var effect = _attempts.OnOutcome(reply.Attempt, out var answered, out var other);
        answered.Target?.CountEnded();
        if (effect == JobEffect.Deliver)
        {
            // The other one is counted as the node's until it answers: it may use a slot until then.
            other.Cancel(_request.Number);
            End();
            OnOutcome(in reply);
            Spec.Stragglers?.OnFinished(in answered);
        }

        _submitter.Held.OnRoom();
    }

    private void OnOutcome(in JobReply reply)
    {
        switch (reply.Status)
        {
            case ReplyStatus.Returned:
                OnReturned(reply.Body);
                break;
            case ReplyStatus.Threw:
                OnError(_submitter.ReadException(Spec, reply.Body));
                break;
            default:
                OnError(JobErrors.NotRun(Name, Node, reply));
                break;
        }
    }

    private void OnAttemptFailed(int attempt, in AttemptFailure failure)
    {
        var effect = _attempts.OnFailed(attempt, in failure, _submitter.Time, out var left, out var asItIs);
        left.Target?.CountEnded();
        if (effect != JobEffect.None)
        {
            _submitter.OnAttemptFailed(Id, asItIs.History[^1]);
        }

        if (effect == JobEffect.Decide)
        {
            Decide(in asItIs, in failure);
        }
        else
        {
            Perform(effect, failure.Exception);
        }

        _submitter.Held.OnRoom();
    }

    private void Decide(in JobMachine asItIs, in AttemptFailure failure)
    {
        var decision = _submitter.Failover.Decide(Id, Spec, in asItIs, in failure, _submitter.FailuresMax(Spec.Options));
        var effect = _attempts.OnDecided(in decision);
        if (effect == JobEffect.Rest)
        {
            Pause(decision.Delay, isForNode: false);
        }
        else
        {
            Perform(effect, failure.Exception);
        }
    }

    private void Perform(JobEffect effect, Exception? thrown = null)
    {
        switch (effect)
        {
            case JobEffect.None or JobEffect.GoOn:
                break;
            case JobEffect.Place:
                Place();
                break;
            case JobEffect.Hold:
                _submitter.Held.Add(this);
                break;
            case JobEffect.WaitForNode:
                Pause(_submitter.PauseAfter(_attempts.Look().Attempt), isForNode: true);
                break;
            case JobEffect.Deliver or JobEffect.FailUnplaceable or JobEffect.FailLost or JobEffect.FailRejected:
                End();
                OnError(thrown ?? JobErrors.Of(effect, Name, Spec, _attempts.Look().History, _submitter.FailuresMax(Spec.Options)));
                break;
            default:
                throw new InvalidOperationException($"The effect {effect} is unknown here.");
        }
    }

    /// <summary>Lets the job wait; the wait for a node is bounded, a rest that was decided is not.</summary>
    private void Pause(TimeSpan delay, bool isForNode)
    {
        _submitter.OnPaused(this);
        _attempts.Pause(
            () => _submitter.Clock.Arm(_submitter.Clock.After(delay), static call => ((JobCall)call).OnPauseEnded(), this),
            isForNode ? _submitter.Time.GetTimestamp() : 0);
    }

    /// <summary>Ends the job from here: nobody waits for it any more.</summary>
    private bool EndEarly()
    {
        if (!_attempts.OnGivenUp(out var live, out var wasHeld))
        {
            return false;
        }

        live.First.Abandon(_request.Number);
        live.Second.Abandon(_request.Number);
        End();
        if (wasHeld)
        {
            _submitter.Held.OnEnded();
        }

        _submitter.Held.OnRoom();
        return true;
    }

    /// <summary>Gives back all that the job holds. Called once, by whoever brought the machine to its end.</summary>
    private void End()
    {
        _isEnded = true;
        _attempts.EndPause();
        _triggers.Release();
        _request.Release();
        _submitter.OnEnded(this);
        Spec.Scope.Leave();
        Spec.Scope.Parent?.Host.Scheduler.EndNested(Spec.Scope.Parent);
    }
}
