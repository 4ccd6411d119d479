namespace Grid.Messaging;

/// <summary>How urgent a message is. On one link a more urgent lane never waits behind a less urgent one for longer than one chunk takes.</summary>
public enum Lane : byte
{
    /// <summary>Gossip, cancellation, pings: small and urgent.</summary>
    Control = 0,

    /// <summary>Jobs and their results.</summary>
    Data = 1,

    /// <summary>Code and other large transfers. Gets at least one chunk in eight while more urgent lanes are busy.</summary>
    Bulk = 2,
}
