using Grid.Spi;
using Microsoft.Extensions.Configuration;

namespace Grid.Hosting;

/// <summary>The registry of providers by name.</summary>
internal sealed class GridProviders : IGridProviders
{
    private readonly Dictionary<string, Func<IConfigurationSection, IServiceProvider, IDiscoverySpi>> _discovery = NewTable<IDiscoverySpi>();
    private readonly Dictionary<string, Func<IConfigurationSection, IServiceProvider, ICommunicationSpi>> _communication = NewTable<ICommunicationSpi>();
    private readonly Dictionary<string, Func<IConfigurationSection, IServiceProvider, ILoadBalancingSpi>> _loadBalancing = NewTable<ILoadBalancingSpi>();
    private readonly Dictionary<string, Func<IConfigurationSection, IServiceProvider, ICollisionSpi>> _collision = NewTable<ICollisionSpi>();
    private readonly Dictionary<string, Func<IConfigurationSection, IServiceProvider, IFailoverSpi>> _failover = NewTable<IFailoverSpi>();
    private readonly Dictionary<string, Func<IConfigurationSection, IServiceProvider, ICheckpointSpi>> _checkpoint = NewTable<ICheckpointSpi>();

    private readonly Dictionary<string, DiscoveryScheme> _schemes = new(StringComparer.OrdinalIgnoreCase);

    public IReadOnlyDictionary<string, DiscoveryScheme> Schemes => _schemes;

    public IReadOnlyDictionary<string, Func<IConfigurationSection, IServiceProvider, IDiscoverySpi>> Discovery => _discovery;

    public IReadOnlyDictionary<string, Func<IConfigurationSection, IServiceProvider, ICommunicationSpi>> Communication => _communication;

    public IReadOnlyDictionary<string, Func<IConfigurationSection, IServiceProvider, ILoadBalancingSpi>> LoadBalancing => _loadBalancing;

    public IReadOnlyDictionary<string, Func<IConfigurationSection, IServiceProvider, ICollisionSpi>> Collision => _collision;

    public IReadOnlyDictionary<string, Func<IConfigurationSection, IServiceProvider, IFailoverSpi>> Failover => _failover;

    public IReadOnlyDictionary<string, Func<IConfigurationSection, IServiceProvider, ICheckpointSpi>> Checkpoint => _checkpoint;

    public void AddDiscovery(string name, Func<IConfigurationSection, IServiceProvider, IDiscoverySpi> factory) =>
        Add(_discovery, "discovery", name, factory);

    public void AddCommunication(string name, Func<IConfigurationSection, IServiceProvider, ICommunicationSpi> factory) =>
        Add(_communication, "communication", name, factory);

    public void AddLoadBalancing(string name, Func<IConfigurationSection, IServiceProvider, ILoadBalancingSpi> factory) =>
        Add(_loadBalancing, "load-balancing", name, factory);

    public void AddCollision(string name, Func<IConfigurationSection, IServiceProvider, ICollisionSpi> factory) =>
        Add(_collision, "collision", name, factory);

    public void AddFailover(string name, Func<IConfigurationSection, IServiceProvider, IFailoverSpi> factory) =>
        Add(_failover, "failover", name, factory);

    public void AddCheckpoint(string name, Func<IConfigurationSection, IServiceProvider, ICheckpointSpi> factory) =>
        Add(_checkpoint, "checkpoint", name, factory);

    public void AddDiscoveryScheme(string scheme, string provider, Func<DiscoveryUrl, IReadOnlyDictionary<string, string>> read)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(scheme);
        ArgumentException.ThrowIfNullOrWhiteSpace(provider);
        ArgumentNullException.ThrowIfNull(read);
        if (!_schemes.TryAdd(scheme, new DiscoveryScheme(provider, read)))
        {
            throw new ArgumentException($"The scheme {scheme} is read by {_schemes[scheme].Provider} already. Choose another one.", nameof(scheme));
        }
    }

    private static void Add<T>(
        Dictionary<string, Func<IConfigurationSection, IServiceProvider, T>> table, string kind, string name, Func<IConfigurationSection, IServiceProvider, T> factory)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(factory);
        if (!table.TryAdd(name, factory))
        {
            throw new ArgumentException($"A {kind} provider named {name} is registered already. Choose another name.", nameof(name));
        }
    }

    private static Dictionary<string, Func<IConfigurationSection, IServiceProvider, T>> NewTable<T>() => new(StringComparer.OrdinalIgnoreCase);
}
