namespace Grid.Discovery.Gossip.Swim;

/// <summary>The numbers of the protocol and the formulas that follow from them; <see cref="GossipDiscoveryOptions"/> explains each.</summary>
internal sealed record SwimSettings
{
    public TimeSpan ProbeInterval { get; init; } = TimeSpan.FromSeconds(1);

    public TimeSpan ProbeTimeout { get; init; } = TimeSpan.FromMilliseconds(500);

    public int IndirectProbes { get; init; } = 3;

    public int SuspicionMult { get; init; } = 4;

    public int SuspicionMaxMult { get; init; } = 6;

    public int Confirmations { get; init; } = 2;

    public int HealthMax { get; init; } = 8;

    public int RetransmitMult { get; init; } = 4;

    public TimeSpan GossipInterval { get; init; } = TimeSpan.FromMilliseconds(200);

    public int GossipNodes { get; init; } = 3;

    public TimeSpan PushPullInterval { get; init; } = TimeSpan.FromSeconds(30);

    public TimeSpan TombstoneTime { get; init; } = TimeSpan.FromHours(1);

    public int MembersMax { get; init; } = 10_000;

    /// <summary>The least time between the first suspicion and death: mult * max(1, log10 n) * probe interval.</summary>
    public TimeSpan SuspicionMin(int participants) => ProbeInterval * (SuspicionMult * Math.Max(1.0, Math.Log10(Math.Max(1, participants))));

    /// <summary>The time to death when nobody else confirms.</summary>
    public TimeSpan SuspicionMax(int participants) => SuspicionMin(participants) * SuspicionMaxMult;

    /// <summary>Lifeguard: max - (max - min) * log(c + 1) / log(k + 1), not below min. Too few others to confirm: min at once.</summary>
    public TimeSpan SuspicionTimeout(int participants, int confirmed)
    {
        var (least, most) = (SuspicionMin(participants), SuspicionMax(participants));
        if (Confirmations == 0 || participants - 2 < Confirmations)
        {
            return least;
        }

        var timeout = most - ((most - least) * (Math.Log(confirmed + 1) / Math.Log(Confirmations + 1)));
        return timeout > least ? timeout : least;
    }

    /// <summary>How often one update is sent by one node: lambda * ceil(log10(n + 1)).</summary>
    public int RetransmitMax(int participants) => RetransmitMult * (int)Math.Ceiling(Math.Log10(participants + 1));
}
