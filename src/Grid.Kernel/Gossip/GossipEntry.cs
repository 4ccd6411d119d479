namespace Grid.Kernel.Gossip;

/// <summary>
/// What is known of one member: its figures, and for each the version in which it changed last, so that a peer is sent only what changed since the version it
/// has. (The idea of R. van Renesse et al., "Efficient Reconciliation and Flow Control for Anti-Entropy Protocols", 2008.)
/// </summary>
/// <remarks>
/// Whoever merges a difference from version a to b notes b for its figures. That may be later than the truth, never earlier, so a peer may be sent a figure that it
/// has, and never misses one.
/// </remarks>
internal sealed class GossipEntry(NodeInfo node)
{
    private long[] _values = [];
    private uint[] _changedIn = [];

    /// <summary>The member; replaced when its state or attributes change.</summary>
    public NodeInfo Node { get; set; } = node;

    /// <summary>1 for the first sample of the membership; 0 while nothing is known.</summary>
    public uint Version { get; private set; }

    /// <summary>When the figures were measured, on the local clock.</summary>
    public TimeSpan SampledAt { get; private set; }

    /// <summary>Whether the entry differs from what was published last.</summary>
    public bool IsUnpublished { get; set; }

    public ReadOnlySpan<long> Values => _values;

    public TimeSpan AgeAt(TimeSpan now) => now > SampledAt ? now - SampledAt : TimeSpan.Zero;

    /// <summary>The local node has measured itself.</summary>
    public void TakeSample(uint version, ReadOnlySpan<long> values, TimeSpan now)
    {
        Begin(version, now, values.Length);
        for (var field = 0; field < values.Length; field++)
        {
            if (_values[field] != values[field])
            {
                Merge(field, values[field]);
            }
        }
    }

    /// <summary>Begins to take a newer version; <see cref="Merge"/> follows for each figure that is in the difference.</summary>
    public void Begin(uint version, TimeSpan sampledAt, int fields)
    {
        Version = version;
        SampledAt = sampledAt;
        IsUnpublished = true;
        if (fields > _values.Length)
        {
            var known = _values.Length;
            Array.Resize(ref _values, fields);
            Array.Resize(ref _changedIn, fields);
            _values.AsSpan(known).Fill(MetricSample.Unknown);
        }
    }

    /// <summary>Takes a figure of the new version. Noted as changed even if it is what was known: it may have been another in between, which a peer may still have.</summary>
    public void Merge(int field, long value)
    {
        _values[field] = value;
        _changedIn[field] = Version;
    }

    /// <summary>The figures that changed after a version, as bits; of version 0 all that are known.</summary>
    public ulong ChangedSince(uint version)
    {
        var mask = 0UL;
        for (var field = 0; field < _values.Length; field++)
        {
            if (version == 0 ? _values[field] != MetricSample.Unknown : _changedIn[field] > version)
            {
                mask |= 1UL << field;
            }
        }

        return mask;
    }

    /// <summary>Nothing is known any more.</summary>
    public void Forget()
    {
        _values = [];
        _changedIn = [];
        Version = 0;
        IsUnpublished = true;
    }
}
