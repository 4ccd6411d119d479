using System.Net;
using Grid.Discovery.ZooKeeper.Records;
using Grid.ZooKeeper;

namespace Grid.Discovery.ZooKeeper.Session;

/// <summary>One ZooKeeper session of a source of seeds: it offers an address while it lives and reads those of the others.</summary>
internal sealed class SeedSession : IAsyncDisposable
{
    /// <summary>How many addresses are handed on; those who are there longest know the others.</summary>
    private const int SeedsMax = 32;

    private readonly ClusterRegistry _registry;

    private SeedSession(ClusterRegistry registry) => _registry = registry;

    /// <summary>Opens a session and offers the address, if there is one. When it throws, the session is closed.</summary>
    public static async Task<SeedSession> OpenAsync(DiscoveryContext context, IPEndPoint? own, CancellationToken ct)
    {
        var client = await ZooKeeperClient.ConnectAsync(context.ClientOptions, ct).ConfigureAwait(true);
        var session = new SeedSession(new ClusterRegistry(client, context.Paths, context.Acl, context.Metrics));
        try
        {
            await session.OfferAsync(own, ct).ConfigureAwait(true);
            return session;
        }
        catch
        {
            await session.DisposeAsync().ConfigureAwait(true);
            throw;
        }
    }

    /// <summary>The addresses that were offered longest, in that order.</summary>
    public async Task<IReadOnlyList<IPEndPoint>> ReadAsync(CancellationToken ct)
    {
        var offered = await _registry.ListAddressesAsync(ct).ConfigureAwait(true);
        return [.. offered.OrderBy(address => address.Czxid).Select(address => ToEndPoint(address.Name)).OfType<IPEndPoint>().Take(SeedsMax)];
    }

    /// <summary>Completes when the session can give nothing any more.</summary>
    public async Task WhenEndedAsync(CancellationToken ct)
    {
        await foreach (var status in _registry.Client.WatchStatusAsync(ct).ConfigureAwait(true))
        {
            if (status.IsFinal)
            {
                return;
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _registry.Client.CloseAsync(CancellationToken.None).ConfigureAwait(true);
        _registry.Dispose();
    }

    private async Task OfferAsync(IPEndPoint? own, CancellationToken ct)
    {
        if (own is null)
        {
            await _registry.SyncAsync(ct).ConfigureAwait(true);
            return;
        }

        await _registry.CreateClusterAsync(Registrar.NewClusterId(), ct).ConfigureAwait(true);
        await _registry.OfferAddressAsync(NodeEndpoint.Parse(own.ToString()), ct).ConfigureAwait(true);
    }

    /// <summary>What is no address of a gossip port was put there by somebody else.</summary>
    private static IPEndPoint? ToEndPoint(string name) =>
        ZNodeName.Unescape(name) is { } text && IPEndPoint.TryParse(text, out var address) && address.Port > 0 ? address : null;
}
