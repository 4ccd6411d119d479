using System.Diagnostics;

namespace Grid.Kernel.Compute.Submission;

/// <summary>
/// Decides what becomes of one job at its submitter: pure, with events in and an effect out, no clock and no lock of its own.
/// </summary>
/// <remarks>
/// A job is placed, sent and answered. When an attempt gives no outcome (its node was lost or refused it) the job is placed
/// again, until an outcome comes or no attempt is left. Every attempt has a number, and only what belongs to the current one counts, so a
/// job has one outcome however often it ran. Cancellation and deadline end it from any phase.
/// </remarks>
internal struct JobMachine
{
    // What the wire format takes, and how often a job may be taken back from nodes that do not answer.
    private const int AttemptsLimit = 100;
    private const int MovesMax = 8;

    private readonly int _attemptsMax;
    private readonly bool _isIdempotent;
    private List<JobAttempt>? _history;
    private bool _lastWasRejection;
    private int _moves;

    public JobMachine(JobOptions options)
    {
        _attemptsMax = options.MaxAttempts;
        _isIdempotent = options.IsIdempotent;
    }

    public JobPhase Phase { get; private set; }

    /// <summary>The number of the current attempt; 0 before the first.</summary>
    public int Attempt { get; private set; }

    /// <summary>The node of the current attempt, or of the last one.</summary>
    public NodeInfo? Node { get; private set; }

    /// <summary>The attempts that gave no outcome.</summary>
    public readonly IReadOnlyList<JobAttempt> History => _history ?? (IReadOnlyList<JobAttempt>)[];

    /// <summary>
    /// Whether the job may be taken back from a node that does not answer: it waits there, but may have begun without word of it. So never one that must not run twice, or was given one attempt.
    /// </summary>
    public readonly bool CanMove =>
        Phase == JobPhase.Sent && _isIdempotent && _attemptsMax > 1 && _moves < MovesMax && _attemptsMax + _moves < AttemptsLimit;

    /// <summary>Whether a node has failed the job already.</summary>
    public readonly bool HasFailedOn(NodeKey node)
    {
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

    /// <summary>A node has been chosen for the next attempt.</summary>
    /// <returns>False when the job has ended in the meantime.</returns>
    public bool OnPlaced(NodeInfo node)
    {
        if (Phase == JobPhase.Ended)
        {
            return false;
        }

        Debug.Assert(Phase is JobPhase.Placing or JobPhase.Paused && Attempt < _attemptsMax + _moves);
        Phase = JobPhase.Sent;
        Attempt++;
        Node = node;
        return true;
    }

    /// <summary>No member may run the job now.</summary>
    /// <param name="isWorthWaiting">Whether one may that cannot be reached at the moment.</param>
    public JobEffect OnNoNode(bool isWorthWaiting = false)
    {
        if (Phase == JobPhase.Ended)
        {
            return JobEffect.None;
        }

        if (Attempt == 0 && !isWorthWaiting)
        {
            Phase = JobPhase.Ended;
            return JobEffect.FailUnplaceable;
        }

        // It ran somewhere, or discovery says that there is a node: the grid is there, just not at this moment.
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
        return Attempt == 0 ? JobEffect.FailUnplaceable : _lastWasRejection ? JobEffect.FailRejected : JobEffect.FailLost;
    }

    /// <summary>An attempt came to an outcome: the job returned, threw, or could not be read.</summary>
    public JobEffect OnOutcome(int attempt)
    {
        if (Phase != JobPhase.Sent || attempt != Attempt)
        {
            return JobEffect.None;
        }

        Phase = JobPhase.Ended;
        return JobEffect.Deliver;
    }

    /// <summary>An attempt ended without an outcome.</summary>
    public JobEffect OnAttemptFailed(int attempt, AttemptFailure failure, TimeSpan elapsed)
    {
        if (Phase != JobPhase.Sent || attempt != Attempt)
        {
            return JobEffect.None;
        }

        (_history ??= []).Add(new JobAttempt(Attempt, Node!, elapsed, failure.Reason));
        _lastWasRejection = failure.IsRejection;
        _moves += failure.IsMove ? 1 : 0;
        if (Attempt < _attemptsMax + _moves && (_isIdempotent || !failure.MayHaveRun))
        {
            Phase = JobPhase.Placing;
            return JobEffect.Place;
        }

        Phase = JobPhase.Ended;
        return failure.IsRejection ? JobEffect.FailRejected : JobEffect.FailLost;
    }

    /// <summary>The caller cancelled, the deadline passed, or the grid is being disposed.</summary>
    /// <returns>False when the job had ended before.</returns>
    public bool OnGivenUp()
    {
        var isNews = Phase != JobPhase.Ended;
        Phase = JobPhase.Ended;
        return isNews;
    }
}
