using Grid.Discovery.Gossip.Wire;

namespace Grid.Discovery.Gossip.Swim;

/// <summary>What a node knows of another. Belongs to the table.</summary>
internal sealed class Member(MemberUpdate said)
{
    /// <summary>The latest statement; of a live member its own, with the record.</summary>
    public MemberUpdate Said { get; set; } = said;

    /// <summary>The decoded record; <see langword="null"/> for a seed and for what is gone.</summary>
    public NodeInfo? Info { get; set; }

    /// <summary>The position in the list of the living, or -1.</summary>
    public int LiveIndex { get; set; } = -1;

    /// <summary>When the suspicion began.</summary>
    public TimeSpan SuspectedAt { get; set; }

    /// <summary>When the suspect was called last before its end; the least time before the first call.</summary>
    public TimeSpan CalledAt { get; set; } = TimeSpan.MinValue;

    /// <summary>Who suspects, the first included: at most the confirmations that count and one.</summary>
    public HashSet<NodeId> Accusers { get; } = [];

    /// <summary>When it was heard to be gone.</summary>
    public TimeSpan GoneAt { get; set; }

    public bool IsLive => Said.Status is MemberStatus.Alive or MemberStatus.Suspect;
}
