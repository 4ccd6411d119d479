using System.Runtime.CompilerServices;
using System.Text;
using Grid.Spi;

namespace Grid.Discovery.InMemory;

/// <summary>
/// Discovery for the nodes of one process. It needs no network and no threads, so a registration lasts until it is given
/// up on purpose, disposed of, or taken away by <see cref="Expire"/>. Disposing without <see cref="StopAsync"/> looks to the others like a crash.
/// </summary>
/// <remarks>
/// <see cref="Suspend"/>, <see cref="Resume"/> and <see cref="Expire"/> let tests see what a node does when its registry is away or gives it up.
/// </remarks>
public sealed class InMemoryDiscovery : IDiscoverySpi, IMemberMetricsSpi
{
    /// <summary>The greatest size of a member's record in bytes: 64 KiB, the limit of the registries that keep records elsewhere.</summary>
    public const int RecordBytesMax = 64 * 1024;

    private readonly InMemoryCluster _cluster;
    private readonly InMemorySession _session = new();
    private int _isStarted;
    private int _isWatched;

    internal InMemoryDiscovery(InMemoryCluster cluster) => _cluster = cluster;

    /// <inheritdoc/>
    public bool HoldsMembership => _cluster.HoldsMembership(_session);

    /// <inheritdoc/>
    public Task<ClusterId> StartAsync(NodeInfo? local, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        ThrowIfTooLarge(local);
        if (Interlocked.Exchange(ref _isStarted, 1) != 0)
        {
            throw new InvalidOperationException("This discovery provider was started before. Make one for each node.");
        }

        try
        {
            _cluster.Attach(_session, local);
            return Task.FromResult(_cluster.Id);
        }
        catch (DiscoveryException)
        {
            _isStarted = 0; // The call may be repeated.
            throw;
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<DiscoverySnapshot> WatchAsync([EnumeratorCancellation] CancellationToken ct)
    {
        if (Interlocked.Exchange(ref _isWatched, 1) != 0)
        {
            throw new InvalidOperationException("This discovery provider is watched already.");
        }

        // Resumes where the reader waits, not on the shared thread pool, which user code may have blocked.
        while (await _session.Signals.WaitToReadAsync(ct).ConfigureAwait(true))
        {
            _session.Signals.TryRead(out _);
            if (_cluster.TakeSnapshot(_session) is not { } snapshot)
            {
                yield break;
            }

            yield return snapshot;
        }
    }

    /// <inheritdoc/>
    public Task UpdateAsync(NodeInfo local, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(local);
        ct.ThrowIfCancellationRequested();
        ThrowIfTooLarge(local);
        _cluster.Update(_session, local);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task WriteMetricsAsync(ReadOnlyMemory<byte> metrics, CancellationToken ct)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(metrics.Length, IMemberMetricsSpi.MetricsBytesMax);
        ct.ThrowIfCancellationRequested();
        _cluster.WriteMetrics(_session, metrics.ToArray());
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<MemberMetrics>> ReadMetricsAsync(CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        return Task.FromResult(_cluster.ReadMetrics(_session));
    }

    /// <inheritdoc/>
    public Task RejoinAsync(NodeInfo local, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(local);
        ct.ThrowIfCancellationRequested();
        ThrowIfTooLarge(local);
        _cluster.Rejoin(_session, local);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken ct)
    {
        _cluster.Detach(_session, isDeparture: true);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _cluster.Detach(_session, isDeparture: false);
        return ValueTask.CompletedTask;
    }

    /// <summary>Cuts this node off from the registry: its view freezes, its calls fail; its registration stays. Before the start, the start fails.</summary>
    public void Suspend() => _cluster.Suspend(_session);

    /// <summary>Ends what <see cref="Suspend"/> began.</summary>
    public void Resume() => _cluster.Resume(_session);

    /// <summary>Takes this node's registration away: the others see it fail, and it learns that its membership is lost. Nothing for a client.</summary>
    public void Expire() => _cluster.Expire(_session);

    private static void ThrowIfTooLarge(NodeInfo? local)
    {
        if (local is null)
        {
            return;
        }

        var bytes = Encoding.UTF8.GetByteCount(local.Name)
            + local.Endpoints.Sum(endpoint => Encoding.UTF8.GetByteCount(endpoint.Host) + sizeof(int))
            + local.Attributes.Sum(pair => Encoding.UTF8.GetByteCount(pair.Key) + Encoding.UTF8.GetByteCount(pair.Value));
        if (bytes > RecordBytesMax)
        {
            var name = local.Name.Length > 128 ? local.Name[..128] : local.Name;
            throw new GridConfigurationException([$"Grid:Node: the record of node '{name}' takes {bytes} bytes; at most {RecordBytesMax} are accepted. Give it fewer or shorter attributes."]);
        }
    }
}
