namespace Grid.Kernel.Gossip;

/// <summary>How the figures of the nodes reach the others.</summary>
internal enum MetricsExchange
{
    /// <summary>Peers tell each other; nothing periodic is written to the registry.</summary>
    Gossip = 0,

    /// <summary>Each node keeps its figures in its record in the registry, and the others read them there.</summary>
    Discovery = 1,
}
