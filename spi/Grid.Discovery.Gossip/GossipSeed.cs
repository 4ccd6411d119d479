using System.Diagnostics.Metrics;
using System.Net;
using System.Security.Cryptography;
using Grid.Discovery.Gossip.Net;
using Microsoft.Extensions.Logging;

namespace Grid.Discovery.Gossip;

/// <summary>
/// A seed that is no member: it takes part in the gossip, runs no jobs and is not shown. At a fixed address it gives the members somebody to find each other through while they come
/// and go, and makes a cluster of two members able to tell the death of one from the isolation of the other.
/// </summary>
/// <remarks>Start it once, dispose it at the end. Any thread.</remarks>
public sealed class GossipSeed : IAsyncDisposable
{
    private readonly GossipNode _node;
    private readonly ISeedSource? _source;

    /// <summary>Makes a seed and opens its port.</summary>
    /// <param name="options">Settings, the same as those of the members but for the addresses.</param>
    /// <param name="loggers">Where to log; default nowhere.</param>
    /// <param name="meters">Where to make the meters; default none.</param>
    /// <param name="time">The clock for durations; default the system's.</param>
    /// <exception cref="GridConfigurationException">The options are not valid; lists every problem.</exception>
    /// <exception cref="DiscoveryException">The address cannot be bound.</exception>
    public GossipSeed(GossipDiscoveryOptions options, ILoggerFactory? loggers = null, IMeterFactory? meters = null, TimeProvider? time = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _source = options.SeedSource;
        _node = new GossipNode(options, ProviderServices.From(loggers, meters, time), new SnapshotBoard());
    }

    /// <summary>Where it listens.</summary>
    public IPEndPoint Address => _node.Address;

    /// <summary>Finds the cluster, or founds it when it is the first seed and nobody else has one.</summary>
    /// <param name="ct">Gives the start up.</param>
    /// <exception cref="DiscoveryException">No seed answered in time.</exception>
    public Task<ClusterId> StartAsync(CancellationToken ct) =>
        _node.JoinAsync(new NodeKey(new NodeId(BitConverter.ToUInt128(RandomNumberGenerator.GetBytes(16))), 1), null, ct);

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _node.Dispose();
        return _source?.DisposeAsync() ?? ValueTask.CompletedTask;
    }

    /// <summary>For tests: gives a member up in the name of all.</summary>
    internal void Condemn(NodeKey key) => _node.Condemn(key);
}
