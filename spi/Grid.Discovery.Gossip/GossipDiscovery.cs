using System.Diagnostics.Metrics;
using Grid.Discovery.Gossip.Net;
using Grid.Discovery.Gossip.Wire;
using Grid.Spi;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;

namespace Grid.Discovery.Gossip;

/// <summary>
/// Discovery without a registry: the nodes watch each other (SWIM with Lifeguard) and tell each other what they saw. See the README of this project for the protocol, what a
/// membership means here, and how a cluster is founded.
/// </summary>
/// <remarks>A member lives on six threads of its own, a client on one; none is of the thread pool.</remarks>
public sealed class GossipDiscovery : IDiscoverySpi
{
    private readonly GossipDiscoveryOptions _options;
    private readonly ProviderServices _services;
    private readonly SnapshotBoard _board = new();

    // Guarded by the gate; node and observer are made once and then only read.
    private readonly Lock _gate = new();
    private bool _isStarted;
    private bool _isWatched;
    private bool _isDisposed;
    private volatile Task? _leaving;
    private volatile GossipNode? _node;
    private volatile GossipObserver? _observer;

    /// <summary>Makes the provider of one node, not started.</summary>
    /// <param name="options">Settings.</param>
    /// <param name="loggers">Where to log; default nowhere.</param>
    /// <param name="meters">Where to make the meters; default none.</param>
    /// <param name="time">The clock for durations; default the system's.</param>
    /// <exception cref="GridConfigurationException">The options are not valid; lists every problem.</exception>
    public GossipDiscovery(GossipDiscoveryOptions options, ILoggerFactory? loggers = null, IMeterFactory? meters = null, TimeProvider? time = null)
        : this(options, ProviderServices.From(loggers, meters, time))
    {
    }

    internal GossipDiscovery(GossipDiscoveryOptions options, ProviderServices services)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        (_options, _services) = (options, services);
    }

    /// <inheritdoc/>
    public bool HoldsMembership => _leaving is null && _node is { HoldsMembership: true };

    /// <summary>Makes the provider from its section, <c>Grid:Discovery:Gossip</c>; the factory to register.</summary>
    /// <param name="section">The provider's own section, with the keys <c>Cluster</c> and <c>Security:ClusterSecret</c>.</param>
    /// <param name="services">The node's services: clock and logging, each optional.</param>
    /// <param name="seeds">Who else knows seeds.</param>
    /// <exception cref="GridConfigurationException">The section is not valid; lists every problem.</exception>
    public static IDiscoverySpi Create(IConfigurationSection section, IServiceProvider services, ISeedSource? seeds = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        var options = GossipDiscoveryOptions.Read(section);
        options.SeedSource = seeds;
        return new GossipDiscovery(options, ProviderServices.From(services));
    }

    /// <inheritdoc/>
    public async Task<ClusterId> StartAsync(NodeInfo? local, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        if (local is not null)
        {
            _ = MemberRecord.Encode(local); // Refused before anything is opened.
        }

        Begin(local);
        try
        {
            return await (local is null ? _observer!.StartAsync(ct) : _node!.JoinAsync(local.Key, local, ct)).ConfigureAwait(false);
        }
        catch
        {
            lock (_gate)
            {
                _isStarted = false; // The call may be repeated.
            }

            throw;
        }
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<DiscoverySnapshot> WatchAsync(CancellationToken ct)
    {
        lock (_gate)
        {
            if (_isWatched)
            {
                throw new InvalidOperationException("This discovery provider is watched already.");
            }

            _isWatched = true;
            return _board.ReadAsync(ct);
        }
    }

    /// <inheritdoc/>
    public Task UpdateAsync(NodeInfo local, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(local);
        return ct.IsCancellationRequested ? Task.FromCanceled(ct) : UpdateCoreAsync(local);
    }

    /// <inheritdoc/>
    public async Task RejoinAsync(NodeInfo local, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(local);
        var node = _node ?? throw new InvalidOperationException($"{local} cannot rejoin: this provider was not started with a member.");
        _ = MemberRecord.Encode(local);
        if (node.Membership != local.Key)
        {
            await node.JoinAsync(local.Key, local, ct).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken ct)
    {
        lock (_gate)
        {
            return _isDisposed ? Task.CompletedTask : _leaving ??= LeaveAsync(ct);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            _isDisposed = true;
            Close();
        }

        await DisposeSeedsAsync().ConfigureAwait(false);
    }

    /// <summary>The membership that is held; <see langword="null"/> without one.</summary>
    internal NodeKey? Membership => _node?.Membership;

    /// <summary>For tests: cuts the provider off from all others, or ends that.</summary>
    internal void Cut(bool isCut)
    {
        if (_node is { } node)
        {
            node.IsCut = isCut;
        }

        if (_observer is { } observer)
        {
            observer.IsCut = isCut;
        }
    }

    private async Task UpdateCoreAsync(NodeInfo local)
    {
        if (_node is not { } node)
        {
            throw new InvalidOperationException($"The record of {local} cannot be updated: this provider holds no such membership (it is a client, or not started).");
        }

        await Task.CompletedTask.ConfigureAwait(false); // What it throws belongs into the task.
        node.Update(local);
    }

    private void Begin(NodeInfo? local)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            if (_isStarted || _leaving is not null)
            {
                throw new InvalidOperationException("This discovery provider was started before. Make one for each node.");
            }

            _isStarted = true;
            if (local is null)
            {
                _observer ??= new GossipObserver(_options, _services, _board);
            }
            else
            {
                _node ??= new GossipNode(_options, _services, _board);
            }
        }
    }

    private async Task LeaveAsync(CancellationToken ct)
    {
        if (_node is { } node)
        {
            await node.LeaveAsync(ct).ConfigureAwait(false);
        }

        Close();
        await DisposeSeedsAsync().ConfigureAwait(false);
    }

    private ValueTask DisposeSeedsAsync() => _options.SeedSource?.DisposeAsync() ?? ValueTask.CompletedTask;

    private void Close()
    {
        _board.End();
        _node?.Dispose();
        _observer?.Dispose();
    }
}
