using System.Collections.Immutable;
using Grid.Discovery.ZooKeeper.Records;
using Grid.ZooKeeper;
using Microsoft.Extensions.Logging;

namespace Grid.Discovery.ZooKeeper.Session;

/// <summary>What all sessions of one provider share. The machine, the board and the random source are used on <see cref="Thread"/> only.</summary>
internal sealed record DiscoveryContext
{
    public required ZooKeeperDiscoveryOptions Options { get; init; }

    public required ZooKeeperOptions ClientOptions { get; init; }

    public required ClusterPaths Paths { get; init; }

    /// <summary>Who may do what with the znodes that are created.</summary>
    public required IReadOnlyList<Acl> Acl { get; init; }

    /// <summary>The identity of <see cref="ZooKeeperDiscoveryOptions.Auth"/> as the servers know it; <see langword="null"/> without one.</summary>
    public required string? DigestId { get; init; }

    /// <summary>Every server that the connection string names.</summary>
    public required ImmutableArray<NodeEndpoint> Servers { get; init; }

    public required DiscoveryThread Thread { get; init; }

    public required ZooKeeperDiscoveryMachine Machine { get; init; }

    public required SnapshotBoard Board { get; init; }

    public required TimeProvider Time { get; init; }

    public required Random Random { get; init; }

    public required ILogger Logger { get; init; }

    public required ZooKeeperDiscoveryMetrics Metrics { get; init; }

    /// <summary>Derives everything from the options, which must be valid.</summary>
    public static DiscoveryContext Create(ZooKeeperDiscoveryOptions options, ProviderServices services)
    {
        _ = ServerList.TryParse(options.ConnectionString, out var servers);
        var guard = options.Identity is var (user, secret) ? Grid.ZooKeeper.Acl.Digest(AclPermissions.All, user, secret) : null;
        return new DiscoveryContext
        {
            Options = options,
            ClientOptions = CreateClientOptions(options, services),
            Paths = new ClusterPaths(options.Root, options.Cluster),
            Acl = guard is null ? Grid.ZooKeeper.Acl.Open : [guard],
            DigestId = guard?.Id,
            Servers = servers,
            Thread = DiscoveryThread.Take(services.Time),
            Machine = new ZooKeeperDiscoveryMachine(),
            Board = new SnapshotBoard(),
            Time = services.Time,
            Random = services.Random,
            Logger = services.Loggers.CreateLogger<ZooKeeperDiscovery>(),
            Metrics = new ZooKeeperDiscoveryMetrics(services.Meters),
        };
    }

    private static ZooKeeperOptions CreateClientOptions(ZooKeeperDiscoveryOptions options, ProviderServices services) => new()
    {
        ConnectString = options.ConnectionString,
        SessionTimeout = options.SessionTimeout,
        SessionTimeoutMin = options.SessionTimeout,
        StartTimeout = options.StartTimeout,
        Auth = options.Identity is var (user, secret) ? [AuthInfo.Digest(user, secret)] : [],
        Tls = options.TlsOptions ?? (options.Tls ? new System.Net.Security.SslClientAuthenticationOptions() : null),
        TimeProvider = services.Time,
        LoggerFactory = services.Loggers,
        MeterFactory = services.Meters,
    };
}
