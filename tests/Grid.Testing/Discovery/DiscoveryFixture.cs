using Grid.Spi;

namespace Grid.Testing;

/// <summary>
/// What an author of a discovery provider writes to run the conformance suites: how to make a provider, and how to
/// bring about the faults that the contract speaks of. One fixture serves one test. When what the provider needs is not on this machine, the
/// fixture's methods may skip the test (<c>Xunit.Skip.If</c>) with the reason.
/// </summary>
public abstract class DiscoveryFixture : IAsyncDisposable
{
    /// <summary>
    /// A cluster name that no other test uses, with characters that need escaping in most registries.
    /// </summary>
    public string Cluster { get; } = $"conformance/{Guid.NewGuid():n} ü";

    /// <summary>How long a test waits before it takes a hang for a failure. It only guards; no outcome depends on it. Default 30 s.</summary>
    public virtual TimeSpan Patience => TimeSpan.FromSeconds(30);

    /// <summary>Makes a provider, not started, for one node of a cluster.</summary>
    /// <param name="cluster">The cluster.</param>
    public abstract ValueTask<IDiscoverySpi> CreateAsync(string cluster);

    /// <summary>Cuts one provider off from its registry, so that its view is suspended and its calls fail, and keeps the registration.</summary>
    /// <param name="provider">A started provider.</param>
    public abstract Task SuspendAsync(IDiscoverySpi provider);

    /// <summary>Ends what <see cref="SuspendAsync"/> began.</summary>
    /// <param name="provider">The provider.</param>
    public abstract Task ResumeAsync(IDiscoverySpi provider);

    /// <summary>Makes the registry give a member up (expire its session, delete its entry), so that the member learns that it is lost.</summary>
    /// <param name="provider">A started provider of a member.</param>
    public abstract Task ExpireAsync(IDiscoverySpi provider);

    /// <summary>Disposes what the fixture made beside the providers.</summary>
    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }
}
