using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Grid.Spi;

namespace Grid.Discovery;

/// <summary>
/// The latest snapshot, between whoever makes them (any thread) and the one reader of <see cref="Grid.Spi.IDiscoverySpi.WatchAsync"/>. A reader that is slow sees the latest only, with the
/// departures of all that it missed. A leaf: the gate guards every field.
/// </summary>
public sealed class SnapshotBoard
{
    private readonly Lock _gate = new();
    private readonly HashSet<NodeKey> _departed = [];
    private readonly Channel<bool> _signals = Channel.CreateBounded<bool>(new BoundedChannelOptions(1)
    {
        FullMode = BoundedChannelFullMode.DropWrite,
        SingleReader = true,
    });

    private DiscoverySnapshot? _latest;
    private ImmutableArray<NodeInfo> _shown = [];

    /// <summary>Puts a snapshot in the place of the one before.</summary>
    /// <param name="snapshot">The snapshot; its departures are kept until the reader takes them.</param>
    public void Publish(DiscoverySnapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        lock (_gate)
        {
            _latest = snapshot;
            RememberDepartedNeedsLock(snapshot.Departed);
        }

        _signals.Writer.TryWrite(true);
    }

    /// <summary>Ends the stream, after the snapshot that is there.</summary>
    public void End() => _signals.Writer.TryComplete();

    /// <summary>Yields each snapshot that is the latest when the reader asks. One reader, once.</summary>
    /// <param name="ct">Ends the reading.</param>
    /// <returns>The snapshots; resumes on the reader's own context.</returns>
    public async IAsyncEnumerable<DiscoverySnapshot> ReadAsync([EnumeratorCancellation] CancellationToken ct)
    {
        // Resumes where the reader waits, not on the shared thread pool, which user code may have blocked.
        while (await _signals.Reader.WaitToReadAsync(ct).ConfigureAwait(true))
        {
            if (_signals.Reader.TryRead(out _) && Take() is { } snapshot)
            {
                yield return snapshot;
            }
        }
    }

    /// <summary>Bounded by what the reader knows of.</summary>
    private void RememberDepartedNeedsLock(ImmutableArray<NodeKey> departed)
    {
        if (departed.Length > 0)
        {
            var shown = _shown.Select(member => member.Key).ToHashSet();
            _departed.UnionWith(departed.Where(shown.Contains));
        }
    }

    private DiscoverySnapshot? Take()
    {
        lock (_gate)
        {
            if (_latest is not { } latest)
            {
                return null;
            }

            ImmutableArray<NodeKey> departed = [.. _departed];
            _departed.Clear();
            _shown = latest.Members;
            return latest with { Departed = departed };
        }
    }
}
