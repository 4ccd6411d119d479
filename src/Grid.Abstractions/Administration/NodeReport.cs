using System.Collections.Immutable;

namespace Grid;

/// <summary>What a node says of itself when it is asked: its versions, its clock, and the jobs it has.</summary>
public sealed record NodeReport
{
    /// <summary>The version of Grid that it runs.</summary>
    public string GridVersion { get; init; } = "";

    /// <summary>The version of .NET that it runs on.</summary>
    public string RuntimeVersion { get; init; } = "";

    /// <summary>The name of its machine.</summary>
    public string Machine { get; init; } = "";

    /// <summary>The process on that machine.</summary>
    public int ProcessId { get; init; }

    /// <summary>The versions of the wire protocol that it speaks.</summary>
    public ProtocolRange Protocol { get; init; }

    /// <summary>How long it has been up.</summary>
    public TimeSpan Uptime { get; init; }

    /// <summary>Its wall clock when it answered. Nothing in Grid depends on it; log files do.</summary>
    public DateTimeOffset Clock { get; init; }

    /// <summary>How many jobs run at once on it.</summary>
    public int Slots { get; init; }

    /// <summary>How many jobs hold a slot.</summary>
    public int Active { get; init; }

    /// <summary>How many jobs wait for a slot.</summary>
    public int Waiting { get; init; }

    /// <summary>How many jobs were cancelled and go on all the same, see <see cref="JobStatus.Abandoned"/>.</summary>
    public int Abandoned { get; init; }

    /// <summary>Whether the node starts nothing new because it is short of memory (<c>Grid:Collision:MemoryWatermark</c>).</summary>
    public bool IsAdmissionPaused { get; init; }

    /// <summary>The jobs that it has, the oldest first: at most <see cref="JobsMax"/>.</summary>
    public ImmutableArray<JobReport> Jobs { get; init; } = [];

    /// <summary>How many jobs it has, including those that a report has no room for.</summary>
    public int JobCount { get; init; }

    /// <summary>What the node measured of itself last; <see langword="null"/> before the first time.</summary>
    public NodeMetrics? Metrics { get; init; }

    /// <summary>The members that are not well as seen from the node.</summary>
    public ImmutableArray<NodeReportedHealth> Unwell { get; init; } = [];

    /// <summary>How many jobs a report lists at most.</summary>
    public const int JobsMax = 1000;
}
