using System.Diagnostics;
using System.Runtime.CompilerServices;
using Grid.Spi;

namespace Grid.Kernel.Compute.Submission;

/// <summary>
/// Decides what becomes of one job at its submitter: pure, with events in and an effect out, no clock and no lock of its own.
/// </summary>
/// <remarks>
/// A job is placed, sent and answered; it may be held before, until a node has room. When an attempt gives no outcome (its node was lost or refused it) the failover provider is
/// asked, and the job is placed again, rests first, or ends. While an attempt is under way, one more may be sent to another node, once in a job's life: the first outcome of
/// the two is the job's, and the failure of one leaves the job to the other. Every attempt has a number, and only what belongs to one that is under way counts, so
/// a job has one outcome however often it ran. Cancellation and deadline end it from any phase.
/// </remarks>
internal struct JobMachine
{
    /// <summary>The greatest number an attempt can have: part of the wire format.</summary>
    private const int AttemptsMax = 100;

    /// <summary>How often a job may be taken back from nodes that do not answer.</summary>
    private const int MovesMax = 8;

    private readonly int _failuresMax;
    private readonly bool _isIdempotent;
    private List<JobAttempt>? _history;
    private AttemptFailureKind _lastFailure;
    private NodeInfo? _secondNode;
    private int _first; // Number of an attempt under way; 0 for none. The second is there only beside a first.
    private int _second;
    private int _moves;
    private bool _wasDoubled;
    private bool _wasHeld;
    private StrongBox<NodeId>? _wanted; // Beside the job: it is large and seldom there.

    /// <summary>Makes the machine of a new job.</summary>
    /// <param name="options">How the job is run.</param>
    /// <param name="failuresMax">How many attempts may fail; at least 1.</param>
    public JobMachine(JobOptions options, int failuresMax)
    {
        _failuresMax = failuresMax;
        _isIdempotent = options.IsIdempotent;
    }

    public JobPhase Phase { get; private set; }

    /// <summary>The number of the latest attempt; 0 before the first.</summary>
    public int Attempt { get; private set; }

    /// <summary>The node that had the job longest, of those that have it; or the one that had it last, or whose outcome it is.</summary>
    public NodeInfo? Node { get; private set; }

    /// <summary>Where the next attempt is to go if it can.</summary>
    public readonly NodeId? Wanted => _wanted?.Value;

    /// <summary>The attempts that gave no outcome.</summary>
    public readonly IReadOnlyList<JobAttempt> History => _history ?? (IReadOnlyList<JobAttempt>)[];

    /// <summary>Whether a second attempt may be sent beside the one that is under way.</summary>
    public readonly bool CanDouble => Phase == JobPhase.Sent && _second == 0 && !_wasDoubled && _isIdempotent && Attempt < AttemptsMax;

    /// <summary>
    /// Whether the job may be taken back from a node that does not answer: it waits there, but may have begun without word of it. So never one that must not run twice, or was given one
    /// attempt; and not one that was doubled, which the other node has too.
    /// </summary>
    public readonly bool CanMove =>
        Phase == JobPhase.Sent && _second == 0 && _isIdempotent && _failuresMax > 1 && _moves < MovesMax && _failuresMax + _moves < AttemptsMax && Attempt < AttemptsMax;

    /// <summary>Whether a node has failed the job already, or has it now.</summary>
    public readonly bool HasTried(NodeKey node)
    {
        if (_first != 0 && Node!.Key == node)
        {
            return true;
        }

        if (_history is null)
        {
            return false;
        }

        foreach (var attempt in _history)
        {
            if (attempt.Node.Key == node)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether an attempt is under way, so that what comes from it counts.</summary>
    public readonly bool IsLive(int attempt) => Phase == JobPhase.Sent && attempt > 0 && (attempt == _first || attempt == _second);

    /// <summary>A node has been chosen for the next attempt.</summary>
    /// <returns>The attempt's number; 0 when the job has ended in the meantime.</returns>
    public int OnPlaced(NodeInfo node)
    {
        if (Phase == JobPhase.Ended)
        {
            return 0;
        }

        Debug.Assert(Phase is JobPhase.Placing or JobPhase.Paused or JobPhase.Held && _first == 0 && Attempt < AttemptsMax);
        Phase = JobPhase.Sent;
        _wanted = null;
        Node = node;
        return _first = ++Attempt;
    }

    /// <summary>A node has been chosen for a second attempt beside the one under way.</summary>
    /// <returns>The attempt's number; 0 when none may be sent any more.</returns>
    public int OnDoubled(NodeInfo node)
    {
        if (!CanDouble)
        {
            return 0;
        }

        _wasDoubled = true;
        _secondNode = node;
        return _second = ++Attempt;
    }

    /// <summary>The nodes that may run the job have no room for it, or others wait for that already.</summary>
    public JobEffect OnNoRoom()
    {
        if (Phase == JobPhase.Ended)
        {
            return JobEffect.None;
        }

        _wasHeld = true;
        Phase = JobPhase.Held;
        return JobEffect.Hold;
    }

    /// <summary>No member may run the job now.</summary>
    /// <param name="isWorthWaiting">Whether discovery lists nodes that may run it and cannot be reached at the moment.</param>
    public JobEffect OnNoNode(bool isWorthWaiting = false)
    {
        if (Phase == JobPhase.Ended)
        {
            return JobEffect.None;
        }

        if (Attempt == 0 && !_wasHeld && !isWorthWaiting)
        {
            Phase = JobPhase.Ended;
            return JobEffect.FailUnplaceable;
        }

        // It ran somewhere, or was about to, or discovery says that there is a node: the grid is there, just not at this moment.
        Phase = JobPhase.Paused;
        return JobEffect.WaitForNode;
    }

    /// <summary>The only nodes that may run the job have failed it: it waits before it is sent there again.</summary>
    public JobEffect OnOnlyFailedNodes()
    {
        if (Phase == JobPhase.Ended)
        {
            return JobEffect.None;
        }

        Phase = JobPhase.Paused;
        return JobEffect.WaitForNode;
    }

    /// <summary>The pause is over, or the topology changed.</summary>
    public JobEffect OnPauseEnded()
    {
        if (Phase != JobPhase.Paused)
        {
            return JobEffect.None;
        }

        Phase = JobPhase.Placing;
        return JobEffect.Place;
    }

    /// <summary>The job has waited for a node for as long as it may.</summary>
    public JobEffect OnPlacementTimeout()
    {
        if (Phase != JobPhase.Paused)
        {
            return JobEffect.None;
        }

        Phase = JobPhase.Ended;
        return Attempt == 0 ? JobEffect.FailUnplaceable : Failure();
    }

    /// <summary>An attempt came to an outcome: the job returned, threw, or could not be read.</summary>
    public JobEffect OnOutcome(int attempt)
    {
        if (!IsLive(attempt))
        {
            return JobEffect.None;
        }

        Node = attempt == _second ? _secondNode : Node;
        Phase = JobPhase.Ended;
        return JobEffect.Deliver;
    }

    /// <summary>An attempt ended without an outcome.</summary>
    public JobEffect OnAttemptFailed(int attempt, in AttemptFailure failure, TimeSpan elapsed)
    {
        if (!IsLive(attempt))
        {
            return JobEffect.None;
        }

        (_history ??= []).Add(new JobAttempt(attempt, (attempt == _second ? _secondNode : Node)!, elapsed, failure.Reason));
        _lastFailure = failure.Kind;
        if (_second != 0)
        {
            LeaveToTheOther(attempt);
            return JobEffect.GoOn;
        }

        _first = 0;
        if (failure.IsMove)
        {
            _moves++;
            Phase = JobPhase.Placing;
            return JobEffect.Place;
        }

        if (_history.Count < _failuresMax + _moves && Attempt < AttemptsMax && (_isIdempotent || !failure.MayHaveRun))
        {
            Phase = JobPhase.Deciding;
            return JobEffect.Decide;
        }

        Phase = JobPhase.Ended;
        return Failure();
    }

    /// <summary>What becomes of the job has been decided.</summary>
    public JobEffect OnDecided(in FailoverDecision decision)
    {
        if (Phase != JobPhase.Deciding)
        {
            return JobEffect.None;
        }

        if (!decision.IsRetry)
        {
            Phase = JobPhase.Ended;
            return Failure();
        }

        _wanted = decision.Node is { } node ? new StrongBox<NodeId>(node) : null;
        Phase = decision.Delay > TimeSpan.Zero ? JobPhase.Paused : JobPhase.Placing;
        return Phase == JobPhase.Paused ? JobEffect.Rest : JobEffect.Place;
    }

    /// <summary>The caller cancelled, the deadline passed, or the grid is being disposed.</summary>
    /// <returns>False when the job had ended before.</returns>
    public bool OnGivenUp()
    {
        var isNews = Phase != JobPhase.Ended;
        Phase = JobPhase.Ended;
        return isNews;
    }

    private void LeaveToTheOther(int failed)
    {
        if (failed == _first)
        {
            (_first, Node) = (_second, _secondNode);
        }

        (_second, _secondNode) = (0, null);
    }

    /// <summary>How a job ends whose last attempt failed.</summary>
    private readonly JobEffect Failure() => _lastFailure switch
    {
        AttemptFailureKind.Threw => JobEffect.Deliver,
        AttemptFailureKind.Rejected or AttemptFailureKind.GivenUp => JobEffect.FailRejected,
        AttemptFailureKind.Lost => JobEffect.FailLost,
        _ => throw new InvalidOperationException($"The failure {_lastFailure} is unknown."),
    };
}
