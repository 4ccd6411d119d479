using Grid.Spi;

namespace Grid.Collision.Lines;

/// <summary>
/// All that waits, in one order, but one line for each distinct need of resources: when the first job must wait for a device, what stands behind it and needs
/// something else is found without a walk past everybody who needs the same. Jobs that need nothing cost nothing more than their line.
/// </summary>
internal sealed class DemandLines(Func<IWaitingLine> newLine)
{
    /// <summary>How many needs have a line of their own; those beyond share one, in which the first holds up the others.</summary>
    private const int LinesMax = 64;

    private const int WithdrawnMin = 32;

    private readonly IWaitingLine _plain = newLine();
    private readonly List<(LineKey Key, IWaitingJob Job, IWaitingLine Line)> _heads = [];

    // Made with the first job that needs something.
    private Dictionary<ResourceAmounts, IWaitingLine>? _byDemand;
    private IWaitingLine? _shared;
    private long _sequence;
    private int _withdrawn;

    private int Count => _plain.Count + (_shared?.Count ?? 0) + (_byDemand?.Values.Sum(line => line.Count) ?? 0);

    public void Add(IWaitingJob job) => (job.Resources.Count == 0 ? _plain : LineFor(job.Resources)).Add(job, ++_sequence);

    /// <summary>Takes out the first job in the order that fits; null when none does.</summary>
    public IWaitingJob? TakeFirst(IAdmissionRoom room)
    {
        if (_byDemand is not { Count: > 0 } byDemand)
        {
            return _plain.TryPeek(out _, out _) ? _plain.Take() : null;
        }

        CollectHeads(byDemand);
        var line = FindFitting(room);
        _heads.Clear(); // Whoever keeps a job keeps its code loaded.
        return line?.Take();
    }

    /// <summary>A job in here was withdrawn. Each sweep is paid for by as many withdrawals as it drops jobs.</summary>
    public void OnWithdrawn()
    {
        if (++_withdrawn <= WithdrawnMin || _withdrawn <= Count / 2)
        {
            return;
        }

        _withdrawn = 0;
        _plain.Sweep();
        _shared?.Sweep();
        foreach (var line in _byDemand?.Values.AsEnumerable() ?? [])
        {
            line.Sweep();
        }
    }

    private IWaitingLine LineFor(ResourceAmounts demand)
    {
        _byDemand ??= [];
        if (_byDemand.TryGetValue(demand, out var line))
        {
            return line;
        }

        if (_byDemand.Count >= LinesMax)
        {
            return _shared ??= newLine();
        }

        line = newLine();
        _byDemand.Add(demand, line);
        return line;
    }

    private IWaitingLine? FindFitting(IAdmissionRoom room)
    {
        foreach (var (_, job, line) in _heads)
        {
            if (room.Fits(job))
            {
                return line;
            }
        }

        return null;
    }

    private void CollectHeads(Dictionary<ResourceAmounts, IWaitingLine> byDemand)
    {
        Collect(_plain);
        if (_shared is not null && !Collect(_shared))
        {
            _shared = null;
        }

        foreach (var (demand, line) in byDemand)
        {
            // To remove from a dictionary does not disturb its enumeration. The shared line is looked into only while there are others.
            if (!Collect(line) && _shared is null)
            {
                byDemand.Remove(demand);
            }
        }

        _heads.Sort(static (left, right) => left.Key.CompareTo(right.Key));
    }

    private bool Collect(IWaitingLine line)
    {
        if (!line.TryPeek(out var job, out var key))
        {
            return false;
        }

        _heads.Add((key, job, line));
        return true;
    }
}
