namespace Grid.Kernel.Administration;

/// <summary>What an operator wants of a node. The numbers are part of the wire format.</summary>
internal enum DrainAction : byte
{
    /// <summary>Take no new jobs, hand back those that wait, finish those that run.</summary>
    Drain = 0,

    /// <summary>The same, and leave the cluster when the last has ended.</summary>
    DrainAndStop = 1,

    /// <summary>Take jobs again.</summary>
    Resume = 2,
}
