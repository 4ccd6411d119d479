namespace Grid.Discovery.Gossip.Swim;

/// <summary>The probe that is under way.</summary>
internal sealed class Probe(NodeKey target, ulong nonce, TimeSpan sentAt)
{
    public NodeKey Target { get; } = target;

    public ulong Nonce { get; } = nonce;

    public TimeSpan SentAt { get; } = sentAt;

    public required TimeSpan IndirectAt { get; init; }

    public required TimeSpan EndsAt { get; init; }

    public bool IsAcknowledged { get; set; }

    public bool IsIndirect { get; set; }

    public int NacksExpected { get; set; }

    public int NacksReceived { get; set; }
}
