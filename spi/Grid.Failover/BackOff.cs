using Grid.Spi;

namespace Grid.Failover;

/// <summary>Decides to try again: at once where the job was not yet, after a drawn pause where it was.</summary>
internal sealed class BackOff
{
    private readonly Lock _gate = new();
    private readonly Random _random; // Under the gate.
    private readonly TimeSpan _base;
    private readonly TimeSpan _max;

    public BackOff(int seed, TimeSpan? first, TimeSpan? max)
    {
        _random = new Random(seed);
        _base = first ?? TimeSpan.FromMilliseconds(50);
        _max = max ?? TimeSpan.FromMilliseconds(3200);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(_base, TimeSpan.Zero, nameof(first));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(_base, TimeSpan.FromMinutes(1), nameof(first));
        ArgumentOutOfRangeException.ThrowIfLessThan(_max, _base, nameof(max));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(_max, TimeSpan.FromHours(1), nameof(max));
    }

    public FailoverDecision Retry(FailoverRequest request)
    {
        if (request.Candidates.Count > 0)
        {
            return FailoverDecision.Retry();
        }

        var bound = Math.Min(_base.TotalSeconds * Math.Pow(2, Math.Min(request.Attempts.Count, 30)), _max.TotalSeconds);
        lock (_gate)
        {
            return FailoverDecision.Retry(TimeSpan.FromSeconds(bound * _random.NextDouble()));
        }
    }
}
