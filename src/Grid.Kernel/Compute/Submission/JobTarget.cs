using Grid.Messaging;

namespace Grid.Kernel.Compute.Submission;

/// <summary>A node as a place to send jobs to.</summary>
internal abstract class JobTarget(NodeInfo node)
{
    private readonly CreditWindow _window = new();

    // Attempts sent in the upper half, attempts under way in the lower: one atomic step keeps both. What was sent and is not under way has ended.
    private long _counts;

    // Replaced by the membership thread when the node changes its state or attributes.
    private volatile NodeInfo _node = node;

    // Replaced by the gossip thread.
    private volatile TargetMetrics? _metrics;

    public NodeInfo Node
    {
        get => _node;
        set => _node = value;
    }

    /// <summary>Attempts sent by this submitter and not ended yet.</summary>
    public int InFlight => (int)Volatile.Read(ref _counts);

    /// <summary>What was known of the node when metrics were published last, and what this submitter had there; null before the first time.</summary>
    public TargetMetrics? Metrics => _metrics;

    /// <summary>Takes a reading over. One thread calls it.</summary>
    public void OnMetrics(NodeMetricsReading? reading)
    {
        var before = _metrics;
        if (reading?.Metrics is not { } metrics)
        {
            _metrics = null;
        }
        else if (before is null || !ReferenceEquals(before.Metrics, metrics))
        {
            // Which of its jobs the node counted cannot be known exactly: as many as were under way at one of two readings.
            _metrics = new TargetMetrics(metrics, reading.Age!.Value, Math.Max(InFlight, before?.InFlightThen ?? 0), InFlight);
        }
        else
        {
            _metrics = before with { Age = reading.Age!.Value };
        }
    }

    public void CountSent() => Interlocked.Add(ref _counts, (1L << 32) + 1);

    public void CountEnded() => Interlocked.Decrement(ref _counts);

    /// <summary>Whether the node can use one more attempt now; see <see cref="CreditWindow"/>.</summary>
    /// <param name="now">A timestamp.</param>
    /// <param name="period">The window's period, in timestamps.</param>
    public bool HasRoom(long now, long period)
    {
        var counts = Volatile.Read(ref _counts);
        return _window.HasRoom(Node.Slots, (int)counts, unchecked((int)(counts >> 32) - (int)counts), now, period);
    }

    /// <summary>Sends an attempt.</summary>
    /// <param name="request">The encoded request; the caller's. It is copied, or shared if it is large.</param>
    /// <param name="call">The job.</param>
    /// <param name="reply">Told the outcome, perhaps inside this call, unless the target tells the job itself.</param>
    /// <returns>What <see cref="Abandon"/> needs; 0 when there is nothing to abandon.</returns>
    public abstract long Request(MessageBuffer request, JobCall call, IReplyHandler reply);

    /// <summary>An attempt need not go on; its answer is still awaited.</summary>
    /// <param name="notice">The encoded notice for the node.</param>
    public abstract void Cancel(ReadOnlySpan<byte> notice);

    /// <summary>The outcome of an attempt is no longer wanted.</summary>
    /// <param name="requestId">What <see cref="Request"/> returned.</param>
    /// <param name="notice">The encoded notice for the node.</param>
    public abstract void Abandon(long requestId, ReadOnlySpan<byte> notice);
}
