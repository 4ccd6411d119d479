namespace Grid.Testing.Network;

/// <summary>How badly an <see cref="InMemoryNetwork"/> behaves. By default it is perfect and instant.</summary>
public sealed record InMemoryNetworkOptions
{
    /// <summary>Seeds every random choice; print it when a test fails.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>The shortest time that bytes take. Default 0.</summary>
    public TimeSpan LatencyMin { get; init; }

    /// <summary>The longest time; each batch draws its own, so that pipes overtake each other. Default 0.</summary>
    public TimeSpan LatencyMax { get; init; }

    /// <summary>How probable it is that a batch of bytes is lost, which on a reliable pipe means that the pipe breaks. 0 to 1, default 0.</summary>
    public double BreakProbability { get; init; }

    /// <summary>How probable it is that a connect fails. 0 to 1, default 0.</summary>
    public double ConnectFailureProbability { get; init; }

    /// <summary>How many bytes a direction holds before its writer waits. Default 64 KiB.</summary>
    public int WindowBytes { get; init; } = 64 * 1024;
}
