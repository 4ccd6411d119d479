namespace Grid.Chaos.Plan;

/// <summary>What a plan is made for.</summary>
internal sealed record PlanSettings
{
    /// <summary>All chance comes from it.</summary>
    public required int Seed { get; init; }

    /// <summary>How long faults happen.</summary>
    public required TimeSpan Length { get; init; }

    /// <summary>The workers that are there from the beginning, numbers 0 and up; at least 3.</summary>
    public int Workers { get; init; } = 4;

    /// <summary>The workers that may join, numbered behind those.</summary>
    public int Reserve { get; init; } = 2;

    /// <summary>The timeout of the workers' sessions.</summary>
    public TimeSpan SessionTimeout { get; init; } = TimeSpan.FromSeconds(4);

    /// <summary>Whether the network between the processes can be cut.</summary>
    public bool HasNetwork { get; init; } = true;

    /// <summary>How many of the first workers may be disturbed at once: the others see the work through.</summary>
    public int DisturbedMax => Workers / 2;
}
