using System.Diagnostics.Metrics;
using System.Globalization;
using System.Security.Cryptography;
using Grid.Kernel.Gossip;
using Grid.Kernel.Lifecycle;
using Grid.Messaging;
using Grid.Spi;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Grid.Hosting;

/// <summary>Makes a node's settings and parts out of configuration and services. All that is wrong comes out in one exception.</summary>
internal sealed record NodeComposition(GridOptions Options, GridRuntimeSettings Settings, GridRuntimeParts Parts)
{
    /// <summary>Composes a node; it is not started, and the caller owns its parts until then.</summary>
    /// <param name="configuration">The section with Grid's keys, or a root that has it under the name Grid.</param>
    /// <param name="services">Logging, clock, metrics; jobs see it too.</param>
    /// <param name="providers">The providers to choose from.</param>
    /// <exception cref="GridConfigurationException">Lists every problem.</exception>
    public static Task<NodeComposition> CreateAsync(IConfiguration configuration, IServiceProvider services, GridProviders providers)
    {
        var section = FindSection(configuration);
        var reader = new SettingsReader(section);
        PluginLoader.Load(reader, ContentRoot(services), providers);
        return CreateAsync(section, reader, services, providers, options =>
        {
            CheckSecurity(section, reader, options);
            return MakeSettings(options);
        });
    }

    /// <summary>Composes a client: it may be named its cluster by a URL, and does not listen.</summary>
    /// <inheritdoc cref="CreateAsync(IConfiguration, IServiceProvider, GridProviders)"/>
    public static Task<NodeComposition> CreateClientAsync(IConfiguration configuration, IServiceProvider services, GridProviders providers)
    {
        var written = FindSection(configuration);
        var plugins = new SettingsReader(written);
        PluginLoader.Load(plugins, ContentRoot(services), providers);
        var (section, problems) = ClusterUrl.Apply(written, providers);
        if (plugins.Problems.Count + problems.Count > 0)
        {
            // Without them nothing can be said of the rest.
            throw new GridConfigurationException([.. plugins.Problems, .. problems]);
        }

        return CreateAsync(section, new SettingsReader(section), services, providers, MakeClientSettings);
    }

    private static async Task<NodeComposition> CreateAsync(
        IConfiguration section, SettingsReader reader, IServiceProvider services, GridProviders providers, Func<GridOptions, GridRuntimeSettings> makeSettings)
    {
        var options = GridOptionsReader.Read(reader, providers);
        var discovery = TryMake(reader, providers.Discovery, options.DiscoveryProvider, services, () => ProviderSection.Create(
            section,
            ConfigurationPath.Combine("Discovery", options.DiscoveryProvider),
            [new(ProviderSection.ClusterKey, options.Cluster.Length > 0 ? options.Cluster : "missing"), .. SecretFor(options)]));
        var communication = TryMake(reader, providers.Communication, options.CommunicationProvider, services, () => ProviderSection.CreateForCommunication(
            section, ConfigurationPath.Combine("Communication", options.CommunicationProvider), options.Security));
        var balancer = TryMake(reader, providers.LoadBalancing, options.LoadBalancingProvider, services, () => ProviderSection.Create(
            section, ConfigurationPath.Combine("LoadBalancing", options.LoadBalancingProvider)));
        var collision = TryMake(reader, providers.Collision, options.Collision.Provider, services, () => ProviderSection.Create(
            section, ConfigurationPath.Combine("Collision", options.Collision.Provider)));
        var failover = TryMake(reader, providers.Failover, options.Failover.Provider, services, () => ProviderSection.Create(
            section, ConfigurationPath.Combine("Failover", options.Failover.Provider)));
        var checkpoints = TryMake(reader, providers.Checkpoint, options.Checkpoint.Provider, services, () => ProviderSection.Create(
            section, ConfigurationPath.Combine("Checkpoint", options.Checkpoint.Provider)));
        CheckMetrics(reader, options, discovery);
        var settings = makeSettings(options);
        if (reader.Problems.Count > 0)
        {
            await DisposeAsync(discovery, communication).ConfigureAwait(false);
            throw new GridConfigurationException(reader.Problems);
        }

        var parts = MakeParts(services, discovery!, communication!, balancer!, collision!) with { Failover = failover, Checkpoints = checkpoints };
        return new NodeComposition(options, settings, parts);
    }

    /// <summary>What every node takes from its container.</summary>
    public static GridRuntimeParts MakeParts(
        IServiceProvider services, IDiscoverySpi discovery, ICommunicationSpi communication, ILoadBalancingSpi balancer, ICollisionSpi collision) => new()
        {
            Discovery = discovery,
            Communication = communication,
            Balancer = balancer,
            Collision = collision,
            Time = services.GetRequiredService<TimeProvider>(),
            Random = new Random(RandomNumberGenerator.GetInt32(int.MaxValue)),
            Loggers = services.GetRequiredService<ILoggerFactory>(),
            Meters = services.GetService<IMeterFactory>(),
            Services = services,
            StopProcess = services.GetService<IHostApplicationLifetime>() is { } lifetime ? lifetime.StopApplication : null,
        };

    private static string ContentRoot(IServiceProvider services) => services.GetService<IHostEnvironment>()?.ContentRootPath ?? AppContext.BaseDirectory;

    private static IConfiguration FindSection(IConfiguration configuration) =>
        configuration is not IConfigurationSection && configuration.GetSection("Grid") is { } section && section.Exists() ? section : configuration;

    private static T? TryMake<T>(
        SettingsReader reader,
        IReadOnlyDictionary<string, Func<IConfigurationSection, IServiceProvider, T>> factories,
        string name,
        IServiceProvider services,
        Func<IConfigurationSection> makeSection)
        where T : class
    {
        if (!factories.TryGetValue(name, out var factory))
        {
            return null; // None is wanted, or the options reader has said so.
        }

        try
        {
            return factory(makeSection(), services);
        }
        catch (GridConfigurationException exception)
        {
            reader.AddProblems(exception.Problems);
            return null;
        }
    }

    /// <summary>The secret is for the one provider of ours whose nodes prove themselves to each other; no plug-in is handed it.</summary>
    private static IEnumerable<KeyValuePair<string, string?>> SecretFor(GridOptions options) =>
        options.DiscoveryProvider == BuiltInProviders.Gossip ? [new(ProviderSection.ClusterSecretKey, options.Security.ClusterSecret)] : [];

    private static void CheckSecurity(IConfiguration section, SettingsReader reader, GridOptions options)
    {
        if (options.CommunicationProvider == BuiltInProviders.Tcp)
        {
            GridOptionsReader.CheckListen(reader, options, BuiltInProviders.ReadListen(new SettingsReader(section.GetSection("Communication:Tcp"))));
        }
    }

    private static void CheckMetrics(SettingsReader reader, GridOptions options, IDiscoverySpi? discovery)
    {
        if (options.Metrics.Exchange == MetricsOptions.Discovery && discovery is not null and not IMemberMetricsSpi)
        {
            reader.AddProblem("Metrics:Exchange", $"the discovery provider {options.DiscoveryProvider} cannot keep metrics. Accepted with it: {MetricsOptions.Gossip}.");
        }
    }

    private static GridRuntimeSettings MakeSettings(GridOptions options) => new()
    {
        Name = options.Node.Name.Length > 0 ? options.Node.Name : MakeName(),
        Slots = options.Node.Slots > 0 ? options.Node.Slots : Environment.ProcessorCount,
        Attributes = options.Node.Attributes,
        Resources = options.Node.Resources,
        DrainTimeout = options.Node.DrainTimeout,
        Compute = MakeCompute(options),
        Gossip = MakeGossip(options.Metrics),
        Health = MakeHealth(options.Health),
        ForkJoin = MakeForkJoin(options.ForkJoin),
        Deployment = MakeDeployment(options.Deployment),
        Messaging = new MessengerOptions { ClusterSecret = options.Security.ClusterSecret },
    };

    private static Kernel.Compute.ComputeOptions MakeCompute(GridOptions options) => new()
    {
        InFlightMax = options.Compute.InFlightMax,
        QueueMax = options.Compute.QueueMax,
        CancelGrace = options.Compute.CancelGrace,
        MemoryWatermark = options.Collision.MemoryWatermark,
        MaxAttempts = options.Failover.MaxAttempts,
        CheckpointBytesMax = options.Checkpoint.ValueBytesMax,
    };

    private static Kernel.ForkJoin.ForkJoinOptions MakeForkJoin(ForkJoinOptions options) => new()
    {
        HelpDepthMax = options.HelpDepthMax,
        AnnounceAfter = options.AnnounceAfter,
        NodesMax = options.NodesMax,
        BatchTime = options.BatchTime,
        LentMax = options.LentMax,
        TaskBytesMax = options.TaskBytesMax,
    };

    private static GossipOptions MakeGossip(MetricsOptions options) => new()
    {
        Period = options.Period,
        Exchange = options.Exchange == MetricsOptions.Discovery ? MetricsExchange.Discovery : MetricsExchange.Gossip,
    };

    private static Kernel.Health.HealthOptions MakeHealth(HealthOptions options) => new()
    {
        SuspectAfter = options.SuspectAfter,
        StarvedAfter = options.StarvedAfter,
        PoolDelayMax = options.PoolDelayMax,
        EventsMax = options.EventsMax,
    };

    private static Kernel.Deployment.DeploymentOptions MakeDeployment(DeploymentOptions options) => new()
    {
        CodeShipping = options.CodeShipping,
        CachePath = options.CachePath,
        CacheBytesMax = options.CacheBytesMax,
        FileBytesMax = options.FileBytesMax,
        SetBytesMax = options.SetBytesMax,
        ContextsMax = options.ContextsMax,
        IdleTimeout = options.IdleTimeout,
        Shared = options.Shared,
    };

    private static GridRuntimeSettings MakeClientSettings(GridOptions options) => new()
    {
        Name = options.Client.Name.Length > 0 ? options.Client.Name : MakeClientName(),
        IsClient = true,
        Compute = MakeCompute(options),
        Gossip = MakeGossip(options.Metrics),
        Health = MakeHealth(options.Health),
        Deployment = MakeDeployment(options.Deployment),
        Messaging = new MessengerOptions { ClusterSecret = options.Security.ClusterSecret },
    };

    // For those who look at a worker's jobs and wonder whose they are.
    private static string MakeClientName()
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"{Environment.UserName}@{Environment.MachineName}:{Environment.ProcessId}");
        return name.Length > 128 ? name[^128..] : name;
    }

    // Two nodes of one machine must not take each other for a restart.
    private static string MakeName() =>
        string.Create(CultureInfo.InvariantCulture, $"{Environment.MachineName}-{RandomNumberGenerator.GetHexString(8, lowercase: true)}");

    private static async Task DisposeAsync(params IAsyncDisposable?[] parts)
    {
        foreach (var part in parts)
        {
            if (part is not null)
            {
                await part.DisposeAsync().ConfigureAwait(false);
            }
        }
    }
}
