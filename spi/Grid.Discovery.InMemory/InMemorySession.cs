using System.Collections.Immutable;
using System.Threading.Channels;
using Grid.Spi;

namespace Grid.Discovery.InMemory;

/// <summary>One provider's stand towards its cluster. All fields belong to the cluster's lock.</summary>
internal sealed class InMemorySession
{
    // One pending signal says as much as many: the reader takes the state as it is then.
    private readonly Channel<bool> _signals = Channel.CreateBounded<bool>(new BoundedChannelOptions(1)
    {
        FullMode = BoundedChannelFullMode.DropWrite,
        SingleReader = true,
    });

    public DiscoveryLink Link { get; set; } = DiscoveryLink.Suspended;

    /// <summary>Whether a test cut the session off.</summary>
    public bool IsSuspended { get; set; }

    /// <summary>The membership that the session holds in the registry.</summary>
    public NodeKey? Registered { get; set; }

    /// <summary>What was known when the link was cut.</summary>
    public DiscoverySnapshot? Frozen { get; set; }

    /// <summary>The members of the last snapshot that the reader took.</summary>
    public ImmutableDictionary<NodeId, NodeInfo> Shown { get; set; } = ImmutableDictionary<NodeId, NodeInfo>.Empty;

    /// <summary>Departures from <see cref="Shown"/> that the reader has not been told of yet.</summary>
    public HashSet<NodeKey> Departed { get; } = [];

    public bool IsEnded { get; private set; }

    public ChannelReader<bool> Signals => _signals.Reader;

    public void Signal() => _signals.Writer.TryWrite(true);

    public void SignalUnlessFrozen()
    {
        if (Link == DiscoveryLink.Connected)
        {
            Signal();
        }
    }

    public void End()
    {
        IsEnded = true;
        _signals.Writer.TryComplete();
    }
}
