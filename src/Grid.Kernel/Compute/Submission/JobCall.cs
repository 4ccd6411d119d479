using Grid.Kernel.Compute.Wire;
using Grid.Messaging;
using Grid.Serialization;

namespace Grid.Kernel.Compute.Submission;

/// <summary>
/// One job at its submitter: it feeds a <see cref="JobMachine"/> with replies, failures, time and cancellation, from whatever thread they come,
/// and carries out what the machine decides.
/// </summary>
internal abstract class JobCall : IReplyHandler
{
    private readonly JobSubmitter _submitter;
    private readonly JobSpec _spec;
    private readonly RequestBytes _request;
    private readonly long _startedAt; // Set when there is a deadline.
    private readonly long? _dueAt;
    private readonly Lock _gate = new();

    // Under the gate.
    private JobMachine _machine;
    private JobTarget? _target;
    private ArmedDeadline? _pause;
    private long _requestId;
    private bool _isGivenUp;
    private long _sentAt;
    private long _pausedSince;
    private bool _mayRepeatNode;
    private bool _isKnownToRun;

    // Written by End, read by Start.
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
        _spec = spec;
        _request = request;
        _dueAt = dueAt;
        _startedAt = dueAt is null ? 0 : submitter.Time.GetTimestamp();
        _machine = new JobMachine(spec.Options);
    }

    public JobId Id => new(_submitter.LocalId, _request.Number);

    /// <summary>The node of the current attempt, or of the last.</summary>
    public NodeInfo? Node => Standing.Machine.Node;

    public JobSpec Spec => _spec;

    /// <summary>How the job stands at this moment.</summary>
    public JobStanding Standing
    {
        get
        {
            lock (_gate)
            {
                return new JobStanding(_machine, _sentAt, _isKnownToRun);
            }
        }
    }

    /// <summary>Told when the job starts, how far it is, and (the other one) what it logs; set before <see cref="Start"/>.</summary>
    public Action<JobNotice>? Noticed { get; set; }
    public Action<JobLogLine>? Logged { get; set; }

    /// <summary>Reads what the job gives.</summary>
    protected GridSerializer Serializer => _submitter.SerializerFor(_spec);

    private string Name => _spec.Options.Name ?? Id.ToString();

    /// <summary>Sends the first attempt. The caller has room in its scope; the end of the job gives it back.</summary>
    public void Start(CancellationToken ct)
    {
        var parent = _spec.Scope.Parent;
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

    /// <inheritdoc/>
    public void OnReply(Peer from, in IncomingMessage message)
    {
        if (!JobReply.TryRead(message.Payload, out var reply))
        {
            OnAttemptFailed(Standing.Machine.Attempt, new AttemptFailure("the node sent a malformed reply", IsRejection: false, MayHaveRun: true));
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

    /// <summary>An attempt was answered.</summary>
    /// <param name="payload">The encoded reply.</param>
    public void TakeReply(ReadOnlySpan<byte> payload)
    {
        _ = JobReply.TryRead(payload, out var reply);
        if (reply.Status is ReplyStatus.Rejected or ReplyStatus.GivenUp)
        {
            OnAttemptFailed(reply.Attempt, new AttemptFailure(reply.Reason(), IsRejection: true, MayHaveRun: reply.Status == ReplyStatus.GivenUp));
            return;
        }

        JobEffect effect;
        lock (_gate)
        {
            effect = _machine.OnOutcome(reply.Attempt);
        }

        if (effect != JobEffect.Deliver)
        {
            return;
        }

        End();
        switch (reply.Status)
        {
            case ReplyStatus.Returned:
                OnReturned(reply.Body);
                break;
            case ReplyStatus.Threw:
                OnError(_submitter.ReadException(_spec, reply.Body));
                break;
            default:
                OnError(JobErrors.NotRun(Name, Node, reply));
                break;
        }
    }

    /// <inheritdoc/>
    public void OnFailed(GridException error)
    {
        var mayHaveRun = error is CommunicationException { MayHaveBeenDelivered: true };
        OnAttemptFailed(Standing.Machine.Attempt, new AttemptFailure(error.Message, IsRejection: false, mayHaveRun));
    }

    /// <summary>The node told something about an attempt.</summary>
    public void OnNotice(JobNotice notice)
    {
        bool isCurrent;
        lock (_gate)
        {
            isCurrent = _machine.Phase == JobPhase.Sent && notice.Attempt == _machine.Attempt;
            _isKnownToRun |= isCurrent;
        }

        if (isCurrent)
        {
            Noticed?.Invoke(notice);
        }
    }

    /// <summary>The node says that the job of a request has been running for a while.</summary>
    public void OnRunning(long requestId)
    {
        lock (_gate)
        {
            _isKnownToRun |= requestId == _requestId;
        }
    }

    /// <summary>The node of a request does not answer: takes the job back and sends it elsewhere, unless it is known to run there or has nowhere to go.</summary>
    public void TryMove(long requestId, string reason)
    {
        JobTarget? target;
        int attempt;
        lock (_gate)
        {
            if (requestId != _requestId || _isKnownToRun || !_machine.CanMove || _spec.Nodes.Targets.IsEmpty)
            {
                return;
            }

            (target, attempt) = (_target, _machine.Attempt);
        }

        target?.Abandon(requestId, new JobNotice(_request.Number, attempt).ToBytes());
        OnAttemptFailed(attempt, new AttemptFailure($"the job was taken back while it waited there, because the node {reason}", IsRejection: false, MayHaveRun: false) { IsMove = true });
    }

    /// <summary>The pause is over, or the topology changed: try to place the job again.</summary>
    public void OnPauseEnded()
    {
        JobEffect effect;
        lock (_gate)
        {
            _mayRepeatNode = true;
            effect = _spec.Nodes.Targets.IsEmpty && _submitter.Time.GetElapsedTime(_pausedSince) >= _submitter.Options.PlacementTimeout
                ? _machine.OnPlacementTimeout()
                : _machine.OnPauseEnded();
        }

        Perform(effect);
    }

    /// <summary>Whether the result can be read without running any code of the user's, in next to no time.</summary>
    protected abstract bool IsPlain(int bytes);

    protected abstract void OnReturned(ReadOnlySpan<byte> body);

    protected abstract void OnError(Exception exception);

    protected abstract void OnCancelled(CancellationToken token);

    private void Place()
    {
        if (_submitter.IsDisposed)
        {
            GiveUp(new CancellationToken(true));
            return;
        }

        JobMachine asItIs;
        lock (_gate)
        {
            asItIs = _machine;
        }

        // Nothing but the end of the job changes the machine while a node is being chosen.
        var target = _submitter.Placement.Choose(_spec, in asItIs, out var isRepeated);
        JobEffect effect;
        var attempt = 0;
        lock (_gate)
        {
            effect = target is null ? _machine.OnNoNode(_spec.Nodes.IsWorthWaiting)
                : isRepeated && !_mayRepeatNode ? _machine.OnOnlyFailedNodes()
                : JobEffect.None;
            _mayRepeatNode = false;
            if (effect == JobEffect.None && _machine.OnPlaced(target!.Node))
            {
                attempt = _machine.Attempt;
                _target = target;
                _sentAt = _submitter.Time.GetTimestamp();
                _pausedSince = 0;
            }
        }

        if (attempt > 0)
        {
            target!.CountSent();
            Send(target, attempt);
        }
        else
        {
            Perform(effect);
        }
    }

    private void Send(JobTarget target, int attempt)
    {
        var requestId = _request.SendTo(target, attempt, _submitter.RemainingMs(_dueAt), this);
        bool isGivenUp;
        lock (_gate)
        {
            if (_machine.Phase == JobPhase.Sent && _machine.Attempt == attempt)
            {
                _requestId = requestId;
            }

            isGivenUp = _isGivenUp;
        }

        if (isGivenUp)
        {
            // While it was being sent: the cancellation has gone ahead of the request, so it is said again.
            target.Abandon(requestId, new JobNotice(_request.Number, attempt).ToBytes());
        }
    }

    private void OnAttemptFailed(int attempt, AttemptFailure failure)
    {
        JobEffect effect;
        JobTarget? left = null;
        lock (_gate)
        {
            effect = _machine.OnAttemptFailed(attempt, failure, _submitter.Time.GetElapsedTime(_sentAt));
            if (effect != JobEffect.None)
            {
                (left, _target) = (_target, null);
                _requestId = 0;
                _isKnownToRun = false;
            }
        }

        left?.CountEnded();
        if (effect != JobEffect.None)
        {
            _submitter.OnAttemptFailed(Id, _machine.History[^1]);
        }

        Perform(effect);
    }

    private void Perform(JobEffect effect)
    {
        switch (effect)
        {
            case JobEffect.None or JobEffect.Deliver:
                break;
            case JobEffect.Place:
                Place();
                break;
            case JobEffect.WaitForNode:
                Pause();
                break;
            case JobEffect.FailUnplaceable or JobEffect.FailLost or JobEffect.FailRejected:
                End();
                OnError(JobErrors.Of(effect, Name, _spec, _machine.History));
                break;
            default:
                throw new InvalidOperationException($"The effect {effect} is unknown.");
        }
    }

    private void Pause()
    {
        var delay = _submitter.PauseAfter(_machine.Attempt);
        lock (_gate)
        {
            if (_machine.Phase != JobPhase.Paused)
            {
                return;
            }

            _pausedSince = _pausedSince == 0 ? _submitter.Time.GetTimestamp() : _pausedSince;
            _submitter.OnPaused(this);
            _pause = _submitter.Clock.Arm(_submitter.Clock.After(delay), static call => ((JobCall)call).OnPauseEnded(), this);
        }
    }

    /// <summary>The caller waits no longer.</summary>
    public void OnDeadline()
    {
        if (EndEarly())
        {
            OnError(JobErrors.TimedOut(Name, _submitter.Time.GetElapsedTime(_startedAt), Node, _machine.History));
        }
    }

    /// <summary>Ends the job from here: nobody waits for it any more.</summary>
    private bool EndEarly()
    {
        JobTarget? target;
        long requestId;
        JobNotice notice;
        lock (_gate)
        {
            if (!_machine.OnGivenUp())
            {
                return false;
            }

            _isGivenUp = true;
            target = _target;
            requestId = _requestId;
            notice = new JobNotice(_request.Number, _machine.Attempt);
        }

        target?.Abandon(requestId, notice.ToBytes());
        End();
        return true;
    }

    /// <summary>Gives back all that the job holds. Called once, by whoever brought the machine to its end.</summary>
    private void End()
    {
        JobTarget? left;
        _isEnded = true;
        lock (_gate)
        {
            (left, _target) = (_target, null);
            _pause?.Cancel();
        }

        left?.CountEnded();
        _triggers.Release();
        _request.Release();
        _submitter.OnEnded(this);
        _spec.Scope.Leave();
        _spec.Scope.Parent?.Host.Scheduler.EndNested(_spec.Scope.Parent);
    }
}
