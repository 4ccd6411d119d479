namespace Grid.Kernel.Compute.Submission;

/// <summary>
/// Looks after the jobs of one call: one that is out for much longer than its siblings were gets a second attempt on another node; see <see cref="Speculation"/>.
/// </summary>
/// <remarks>
/// Jobs are kept in the order in which they were sent, so the one that is out longest comes first, and the watch sleeps until that one is due. It begins when enough jobs have finished for a median,
/// which is that of the last <see cref="TimesMax"/>. A job is measured from being sent to being answered, its wait at the node included.
/// </remarks>
internal sealed class StragglerWatch(JobSubmitter submitter, Speculation options)
{
    private const int TimesMax = 255;
    private const int KeptMin = 1024;

    private static readonly TimeSpan StepMin = TimeSpan.FromMilliseconds(1);

    private readonly Lock _gate = new();

    // Under the gate.
    private readonly long[] _times = new long[TimesMax];
    private Queue<(JobCall Call, long SentAt)> _out = new();
    private int _finished;
    private int _sent;
    private int _keptMax = KeptMin;
    private int _doubled;
    private bool _isArmed;

    /// <summary>How many second attempts were sent.</summary>
    public int Doubled
    {
        get
        {
            lock (_gate)
            {
                return _doubled;
            }
        }
    }

    /// <summary>A job was sent for the first time, or again after it was lost.</summary>
    public void OnSent(JobCall call, long sentAt)
    {
        lock (_gate)
        {
            _sent++;
            _out.Enqueue((call, sentAt));
            if (_out.Count > _keptMax)
            {
                _out = new Queue<(JobCall, long)>(_out.Where(job => !job.Call.IsEnded));
                _keptMax = Math.Max(KeptMin, 2 * _out.Count);
            }

            ArmNeedsLock(sentAt);
        }
    }

    /// <summary>A job has its outcome by that attempt.</summary>
    public void OnFinished(in AttemptOnNode attempt)
    {
        var now = submitter.Time.GetTimestamp();
        lock (_gate)
        {
            _times[_finished % TimesMax] = now - attempt.SentAt;
            _finished++;
            ArmNeedsLock(now);
        }
    }

    private void OnDue()
    {
        foreach (var (call, sentAt) in TakeDue())
        {
            if (!call.TryDouble())
            {
                // It has ended, has been doubled, or there is no other node at the moment.
                GiveBack(call, sentAt);
            }
        }

        lock (_gate)
        {
            _isArmed = false;
            ArmNeedsLock(submitter.Time.GetTimestamp());
        }
    }

    private List<(JobCall Call, long SentAt)> TakeDue()
    {
        lock (_gate)
        {
            return TakeDueNeedsLock(sentUntil: submitter.Time.GetTimestamp() - PatienceNeedsLock(), doubledMax: Math.Max(1, options.ExtraShare * _sent));
        }
    }

    private List<(JobCall Call, long SentAt)> TakeDueNeedsLock(long sentUntil, double doubledMax)
    {
        var due = new List<(JobCall, long)>();
        for (; _out.TryPeek(out var first); _out.Dequeue())
        {
            if (first.Call.IsEnded)
            {
                continue;
            }

            if (first.SentAt > sentUntil || _doubled >= doubledMax)
            {
                break;
            }

            _doubled++;
            due.Add(first);
        }

        return due;
    }

    private void GiveBack(JobCall call, long sentAt)
    {
        lock (_gate)
        {
            _doubled--;
            if (call.CanDouble)
            {
                _out.Enqueue((call, sentAt));
            }
        }
    }

    private void ArmNeedsLock(long now)
    {
        if (_isArmed || _finished < options.FinishedMin || !_out.TryPeek(out var first))
        {
            return;
        }

        _isArmed = true;
        var patience = PatienceNeedsLock();
        var step = Math.Max((long)(StepMin.TotalSeconds * submitter.Time.TimestampFrequency), patience / 8);
        submitter.Clock.Arm(Math.Max(first.SentAt + patience, now + step), static watch => ((StragglerWatch)watch).OnDue(), this);
    }

    /// <summary>How long a job may be out.</summary>
    private long PatienceNeedsLock()
    {
        Span<long> times = stackalloc long[TimesMax];
        times = times[..Math.Min(_finished, TimesMax)];
        _times.AsSpan(0, times.Length).CopyTo(times);
        times.Sort();
        return Math.Max((long)(options.Factor * times[times.Length / 2]), (long)(options.TimeMin.TotalSeconds * submitter.Time.TimestampFrequency));
    }
}
