using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;

namespace Grid.Discovery.Gossip.Net;

/// <summary>The configured seeds, resolved each time they are asked for, because servers move, and those of the source, if there is one.</summary>
internal sealed class SeedList(GossipDiscoveryOptions options, ILogger logger)
{
    /// <summary>Offers the address of this node, where others look for seeds; a client has none.</summary>
    public Task StartAsync(IPEndPoint? own, CancellationToken ct) => options.SeedSource?.StartAsync(own, ct) ?? Task.CompletedTask;

    /// <summary>Every address of every seed that resolves; blocks.</summary>
    public ImmutableArray<IPEndPoint> Resolve() => [.. options.Seeds.SelectMany(Resolve).Concat(options.SeedSource?.Current ?? []).Distinct()];

    /// <summary>The same without one address, the caller's own.</summary>
    public IPEndPoint[] ResolveOthers(IPEndPoint own) => [.. Resolve().Where(seed => !seed.Equals(own))];

    /// <summary>Whether the node at that address may found the cluster: it is the first seed, or there are none to ask for.</summary>
    public bool IsFounder(IPEndPoint address) => options.SeedSource is { } source
        ? source.Current is [var first, ..] && first.Equals(address)
        : options.Seeds.Count == 0 || Resolve(options.Seeds[0]).Contains(address);

    private IEnumerable<IPEndPoint> Resolve(string seed)
    {
        var endpoint = NodeEndpoint.Parse(seed);
        if (IPAddress.TryParse(endpoint.Host, out var address))
        {
            return [new IPEndPoint(address, endpoint.Port)];
        }

        try
        {
            return Dns.GetHostAddresses(endpoint.Host).Select(found => new IPEndPoint(found, endpoint.Port));
        }
        catch (SocketException exception)
        {
            GossipDiscoveryLog.Unresolved(logger, seed, exception.Message);
            return [];
        }
    }
}
