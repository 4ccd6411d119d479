using Grid.Messaging;

namespace Grid.Kernel.Compute.Submission;

/// <summary>A node as a place to send jobs to.</summary>
internal abstract class JobTarget(NodeInfo node)
{
    private int _inFlight;

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
    public int InFlight => Volatile.Read(ref _inFlight);

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

    public void CountSent() => Interlocked.Increment(ref _inFlight);

    public void CountEnded() => Interlocked.Decrement(ref _inFlight);

    /// <summary>Sends an attempt.</summary>
    /// <param name="request">The encoded request; the caller's. It is copied, or shared if it is large.</param>
    /// <param name="reply">Told the outcome, perhaps inside this call.</param>
    /// <returns>What <see cref="Abandon"/> needs; 0 when there is nothing to abandon.</returns>
    public abstract long Request(MessageBuffer request, JobCall reply);

    /// <summary>The outcome of an attempt is no longer wanted.</summary>
    /// <param name="requestId">What <see cref="Request"/> returned.</param>
    /// <param name="notice">The encoded notice for the node.</param>
    public abstract void Abandon(long requestId, ReadOnlySpan<byte> notice);
}
