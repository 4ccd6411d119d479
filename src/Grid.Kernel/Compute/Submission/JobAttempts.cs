using Grid.Spi;

namespace Grid.Kernel.Compute.Submission;

/// <summary>
/// The state of one job at its submitter: its machine and its attempts that nodes have not answered, which change together under one lock. Events come from any thread. A part of
/// <see cref="JobCall"/>, held by value.
/// </summary>
internal struct JobAttempts(JobMachine machine)
{
    private readonly Lock _gate = new();

    // Under the gate.
    private JobMachine _machine = machine;
    private LiveAttempts _live;
    private ArmedDeadline? _pause;
    private long _waitsSince; // When it began to wait for a node; 0 when it does not.
    private bool _mayRepeatNode;
    private bool _isKnownToRun; // The one whose answer comes to the job itself.
    private bool _isGivenUp;

    /// <summary>The attempt whose answer comes to the job itself.</summary>
    public readonly int First
    {
        get
        {
            lock (_gate)
            {
                return _live.First;
            }
        }
    }

    /// <summary>The machine as it is at this moment.</summary>
    public readonly JobMachine Look()
    {
        lock (_gate)
        {
            return _machine;
        }
    }

    /// <summary>How the job stands at this moment.</summary>
    public readonly JobStanding Stand()
    {
        lock (_gate)
        {
            return new JobStanding(_machine, _live.Other.SentAt, _isKnownToRun);
        }
    }

    /// <summary>A node told something about an attempt.</summary>
    /// <returns>Whether the attempt is under way.</returns>
    public bool OnNotice(int attempt)
    {
        lock (_gate)
        {
            var isLive = _machine.IsLive(attempt);
            _isKnownToRun |= isLive && attempt == _live.First;
            return isLive;
        }
    }

    /// <summary>The node says that the job of a request has been running for a while.</summary>
    public void OnRunning(long requestId)
    {
        lock (_gate)
        {
            _isKnownToRun |= requestId == _live.Leading.RequestId;
        }
    }

    /// <summary>The attempt of a request, if it can be taken back from a node that does not answer.</summary>
    public readonly AttemptOnNode FindMovable(long requestId)
    {
        lock (_gate)
        {
            return requestId == _live.Leading.RequestId && !_isKnownToRun && _machine.CanMove ? _live.Leading : default;
        }
    }

    /// <summary>Others wait for room already.</summary>
    public JobEffect OnNoRoom()
    {
        lock (_gate)
        {
            return _machine.OnNoRoom();
        }
    }

    /// <summary>A node was chosen, or none could be.</summary>
    /// <param name="target">The node's; null when none was chosen.</param>
    /// <param name="verdict">What came of the choice.</param>
    /// <param name="isWorthWaiting">Whether there are nodes to wait for when none could be chosen.</param>
    /// <param name="now">A timestamp.</param>
    /// <param name="attempt">The number of the attempt to send; 0 for none.</param>
    public JobEffect OnChosen(JobTarget? target, PlacementVerdict verdict, bool isWorthWaiting, long now, out int attempt)
    {
        attempt = 0;
        lock (_gate)
        {
            var mayRepeatNode = _mayRepeatNode;
            _mayRepeatNode = false;
            if (target is null)
            {
                return verdict == PlacementVerdict.NoRoom ? _machine.OnNoRoom() : _machine.OnNoNode(isWorthWaiting);
            }

            if (verdict == PlacementVerdict.Repeated && !mayRepeatNode)
            {
                return _machine.OnOnlyFailedNodes();
            }

            _waitsSince = 0;
            attempt = _machine.OnPlaced(target.Node);
            AddNeedsLock(attempt, target, now);
            return JobEffect.None;
        }
    }

    /// <summary>A node was chosen for a second attempt.</summary>
    /// <returns>Its number; 0 for none.</returns>
    public int OnDoubled(JobTarget target, long now)
    {
        lock (_gate)
        {
            var attempt = _machine.OnDoubled(target.Node);
            AddNeedsLock(attempt, target, now);
            return attempt;
        }
    }

    /// <summary>An attempt is on its way.</summary>
    /// <returns>Whether the job was given up while it was being sent: its cancellation has gone ahead of it.</returns>
    public bool OnSent(int attempt, long requestId)
    {
        lock (_gate)
        {
            _live.OnSent(attempt, requestId);
            return _isGivenUp;
        }
    }

    /// <summary>An attempt was answered with an outcome.</summary>
    /// <param name="attempt">Its number.</param>
    /// <param name="answered">The attempt.</param>
    /// <param name="other">The one that is not answered yet, if there is one.</param>
    public JobEffect OnOutcome(int attempt, out AttemptOnNode answered, out AttemptOnNode other)
    {
        lock (_gate)
        {
            var effect = _machine.OnOutcome(attempt);
            answered = _live.Take(attempt);
            other = _live.Other;
            return effect;
        }
    }

    /// <summary>An attempt gave no outcome.</summary>
    /// <param name="attempt">Its number.</param>
    /// <param name="failure">Why.</param>
    /// <param name="time">The clock of the timestamps.</param>
    /// <param name="left">The attempt.</param>
    /// <param name="asItIs">The machine afterwards.</param>
    public JobEffect OnFailed(int attempt, in AttemptFailure failure, TimeProvider time, out AttemptOnNode left, out JobMachine asItIs)
    {
        lock (_gate)
        {
            _isKnownToRun &= attempt != _live.First;
            left = _live.Take(attempt);
            var effect = _machine.OnAttemptFailed(attempt, in failure, time.GetElapsedTime(left.SentAt));
            asItIs = _machine;
            return effect;
        }
    }

    /// <summary>What becomes of the job after its attempts have failed.</summary>
    public JobEffect OnDecided(in FailoverDecision decision)
    {
        lock (_gate)
        {
            return _machine.OnDecided(in decision);
        }
    }

    /// <summary>Begins a pause, unless the job has ended.</summary>
    /// <param name="arm">Arms its end.</param>
    /// <param name="waitsSince">A timestamp, when it waits for a node; 0 for a rest that was decided.</param>
    public void Pause(Func<ArmedDeadline> arm, long waitsSince)
    {
        lock (_gate)
        {
            if (_machine.Phase == JobPhase.Paused)
            {
                _waitsSince = waitsSince == 0 || _waitsSince == 0 ? waitsSince : _waitsSince;
                _pause = arm();
            }
        }
    }

    /// <summary>The pause is over, or the topology changed.</summary>
    /// <param name="earliest">Who waits for a node since before this timestamp has waited too long.</param>
    public JobEffect OnPauseEnded(long earliest)
    {
        lock (_gate)
        {
            _mayRepeatNode = true;
            return _waitsSince != 0 && _waitsSince <= earliest ? _machine.OnPlacementTimeout() : _machine.OnPauseEnded();
        }
    }

    /// <summary>Nobody waits for the job any more.</summary>
    /// <param name="live">The attempts that are not answered.</param>
    /// <param name="wasHeld">Whether it waited for room.</param>
    /// <returns>False when it had ended before.</returns>
    public bool OnGivenUp(out (AttemptOnNode First, AttemptOnNode Second) live, out bool wasHeld)
    {
        lock (_gate)
        {
            wasHeld = _machine.Phase == JobPhase.Held;
            var isNews = _machine.OnGivenUp();
            _isGivenUp |= isNews;
            live = isNews ? _live.TakeAll() : default;
            return isNews;
        }
    }

    /// <summary>Takes a pause back that has not ended. Called once the machine has ended: no pause begins after that, so it needs no lock.</summary>
    public readonly void EndPause() => _pause?.Cancel();

    private void AddNeedsLock(int attempt, JobTarget target, long now)
    {
        if (attempt > 0)
        {
            _live.Add(new AttemptOnNode(attempt, target, now));
            target.CountSent();
        }
    }
}
