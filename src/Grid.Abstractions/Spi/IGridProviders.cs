using Microsoft.Extensions.Configuration;

namespace Grid.Spi;

/// <summary>
/// Where implementations of the SPIs are registered under the names that configuration uses. Names are compared without
/// case. A factory gets the provider's own section (<c>Grid:Discovery:Consul</c> for a discovery provider named Consul) and, in the longer form, the
/// node's services (<see cref="TimeProvider"/>, logging, metrics). Whatever the user wrote there, the section of a discovery provider also holds the key
/// <c>Cluster</c>, the name of the cluster to join, and <c>Security:ClusterSecret</c>, the secret of the cluster or empty; that of a communication provider holds <c>Security:Certificate</c>, <c>Security:CertificateKey</c>,
/// <c>Security:CertificatePassword</c> and <c>Security:TrustedRoot</c>, which name files for TLS or are empty, and <c>Security:IsLoopbackOnly</c>, <c>true</c> when
/// nothing keeps strangers out, so that it must not listen where other machines reach it. A factory validates its section and throws
/// <see cref="GridConfigurationException"/> that lists every problem.
/// </summary>
public interface IGridProviders
{
    /// <summary>Registers a discovery provider.</summary>
    /// <param name="name">The name; registering one twice throws <see cref="ArgumentException"/>.</param>
    /// <param name="factory">Makes an instance for one node.</param>
    void AddDiscovery(string name, Func<IConfigurationSection, IServiceProvider, IDiscoverySpi> factory);

    /// <summary>Registers a communication provider.</summary>
    /// <inheritdoc cref="AddDiscovery(string, Func{IConfigurationSection, IServiceProvider, IDiscoverySpi})"/>
    void AddCommunication(string name, Func<IConfigurationSection, IServiceProvider, ICommunicationSpi> factory);

    /// <summary>Registers a load-balancing provider.</summary>
    /// <inheritdoc cref="AddDiscovery(string, Func{IConfigurationSection, IServiceProvider, IDiscoverySpi})"/>
    void AddLoadBalancing(string name, Func<IConfigurationSection, IServiceProvider, ILoadBalancingSpi> factory);

    /// <summary>Registers a collision provider.</summary>
    /// <inheritdoc cref="AddDiscovery(string, Func{IConfigurationSection, IServiceProvider, IDiscoverySpi})"/>
    void AddCollision(string name, Func<IConfigurationSection, IServiceProvider, ICollisionSpi> factory);

    /// <summary>Registers a failover provider.</summary>
    /// <inheritdoc cref="AddDiscovery(string, Func{IConfigurationSection, IServiceProvider, IDiscoverySpi})"/>
    void AddFailover(string name, Func<IConfigurationSection, IServiceProvider, IFailoverSpi> factory);

    /// <summary>Registers a checkpoint provider.</summary>
    /// <inheritdoc cref="AddDiscovery(string, Func{IConfigurationSection, IServiceProvider, IDiscoverySpi})"/>
    void AddCheckpoint(string name, Func<IConfigurationSection, IServiceProvider, ICheckpointSpi> factory);

    /// <summary>
    /// Registers the scheme of the URLs that lead clients to clusters of a discovery provider: <c>zookeeper://zk1:2181,zk2:2181/grid?cluster=demo</c>.
    /// </summary>
    /// <param name="scheme">Letters, digits, <c>+</c>, <c>-</c> and <c>.</c>; registering one twice throws <see cref="ArgumentException"/>.</param>
    /// <param name="provider">The name under which the provider is registered.</param>
    /// <param name="read">
    /// Turns a URL into the keys of the provider's own section. The query holds what Grid has not taken for itself (<c>cluster</c>, <c>secret</c> and others). A URL that cannot be used is
    /// refused with <see cref="GridConfigurationException"/>, which lists every problem; an unknown key of the query is one.
    /// </param>
    void AddDiscoveryScheme(string scheme, string provider, Func<DiscoveryUrl, IReadOnlyDictionary<string, string>> read);

    /// <inheritdoc cref="AddDiscovery(string, Func{IConfigurationSection, IServiceProvider, IDiscoverySpi})"/>
    void AddDiscovery(string name, Func<IConfigurationSection, IDiscoverySpi> factory) => AddDiscovery(name, (section, _) => factory(section));

    /// <inheritdoc cref="AddDiscovery(string, Func{IConfigurationSection, IServiceProvider, IDiscoverySpi})"/>
    void AddCommunication(string name, Func<IConfigurationSection, ICommunicationSpi> factory) => AddCommunication(name, (section, _) => factory(section));

    /// <inheritdoc cref="AddDiscovery(string, Func{IConfigurationSection, IServiceProvider, IDiscoverySpi})"/>
    void AddLoadBalancing(string name, Func<IConfigurationSection, ILoadBalancingSpi> factory) => AddLoadBalancing(name, (section, _) => factory(section));

    /// <inheritdoc cref="AddDiscovery(string, Func{IConfigurationSection, IServiceProvider, IDiscoverySpi})"/>
    void AddCollision(string name, Func<IConfigurationSection, ICollisionSpi> factory) => AddCollision(name, (section, _) => factory(section));

    /// <inheritdoc cref="AddDiscovery(string, Func{IConfigurationSection, IServiceProvider, IDiscoverySpi})"/>
    void AddFailover(string name, Func<IConfigurationSection, IFailoverSpi> factory) => AddFailover(name, (section, _) => factory(section));

    /// <inheritdoc cref="AddDiscovery(string, Func{IConfigurationSection, IServiceProvider, IDiscoverySpi})"/>
    void AddCheckpoint(string name, Func<IConfigurationSection, ICheckpointSpi> factory) => AddCheckpoint(name, (section, _) => factory(section));
}
