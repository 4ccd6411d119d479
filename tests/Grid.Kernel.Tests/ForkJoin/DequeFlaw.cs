namespace Grid.Kernel.Tests.ForkJoin;

/// <summary>Mistakes that a work-stealing deque can be made with.</summary>
public enum DequeFlaw
{
    /// <summary>None.</summary>
    None,

    /// <summary>A pop lowers bottom without a fence before it reads top.</summary>
    NoFence,

    /// <summary>The owner takes the last task without competing for it.</summary>
    NoCompareForLast,

    /// <summary>A thief reads the slot after it has taken the index.</summary>
    ReadsSlotLate,
}
