using Grid.Chaos.Plan;

namespace Grid.Chaos;

/// <summary>What a run is asked for.</summary>
internal sealed record ChaosOptions
{
    /// <summary>Of the plan and of the load.</summary>
    public required int Seed { get; init; }

    /// <summary>How long faults happen.</summary>
    public required TimeSpan Length { get; init; }

    /// <summary>The workers that are there from the beginning, 3 to 16; half as many again may join.</summary>
    public int Workers { get; init; } = 4;

    /// <summary>The processes that submit work, 1 to 8.</summary>
    public int Clients { get; init; } = 2;

    /// <summary>Whether the network is cut, where that can be done.</summary>
    public bool CutsNetwork { get; init; } = true;

    /// <summary>The timeout of sessions, of which stalls and freezes take their lengths.</summary>
    public TimeSpan SessionTimeout { get; init; } = TimeSpan.FromSeconds(4);

    /// <summary>How long clients may take for what is open once all is made good.</summary>
    public TimeSpan DrainMax { get; init; } = TimeSpan.FromMinutes(2);

    public PlanSettings ToPlanSettings(bool hasNetwork) => new()
    {
        Seed = Seed,
        Length = Length,
        Workers = Workers,
        Reserve = Workers / 2,
        SessionTimeout = SessionTimeout,
        HasNetwork = hasNetwork,
    };
}
