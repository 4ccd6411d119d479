using Grid.Spi;

namespace Grid.Checkpoint.InMemory;

/// <summary>
/// Checkpoints in the memory of this process, for nodes that share it: tests, laptops. What is saved is gone with the process.
/// </summary>
/// <param name="time">The clock of the times to live.</param>
/// <param name="entriesMax">How many entries are kept at most, those that have been removed within ten minutes included: at least 1, default 65,536.</param>
/// <param name="bytesMax">How many bytes their values have at most: at least 0, default 256 MiB.</param>
public sealed class InMemoryCheckpoints(TimeProvider time, int entriesMax = 65_536, long bytesMax = 256L << 20) : ICheckpointSpi
{
    private static readonly TimeSpan RemovalKept = TimeSpan.FromMinutes(10);

    private readonly Lock _gate = new();

    // Under the gate.
    private readonly Dictionary<CheckpointKey, Entry> _entries = [];
    private long _bytes;

    /// <inheritdoc/>
    public ValueTask<bool> SaveAsync(CheckpointKey key, ReadOnlyMemory<byte> value, CheckpointAttempt attempt, TimeSpan timeToLive, CancellationToken ct)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(timeToLive, TimeSpan.Zero);
        ct.ThrowIfCancellationRequested();
        lock (_gate)
        {
            return ValueTask.FromResult(TryReplaceNeedsLock(key, new Entry(value.ToArray(), attempt, DueAt(timeToLive))));
        }
    }

    /// <inheritdoc/>
    public ValueTask<byte[]?> LoadAsync(CheckpointKey key, CheckpointAttempt attempt, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        lock (_gate)
        {
            if (FindNeedsLock(key) is not { } entry)
            {
                LockOutNeedsLock(key, attempt);
                return ValueTask.FromResult<byte[]?>(null);
            }

            if (entry.Attempt.IsReplacedBy(attempt))
            {
                _entries[key] = entry with { Attempt = attempt };
            }

            return ValueTask.FromResult(entry.Value?.ToArray());
        }
    }

    /// <inheritdoc/>
    public ValueTask<bool> RemoveAsync(CheckpointKey key, CheckpointAttempt attempt, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        lock (_gate)
        {
            if (FindNeedsLock(key) is null)
            {
                LockOutNeedsLock(key, attempt);
                return ValueTask.FromResult(true);
            }

            return ValueTask.FromResult(TryReplaceNeedsLock(key, new Entry(null, attempt, DueAt(RemovalKept))));
        }
    }

    /// <summary>Notes who found no entry, so that an earlier attempt does not bring one. Before the first there is none.</summary>
    private void LockOutNeedsLock(CheckpointKey key, CheckpointAttempt attempt)
    {
        if (attempt.Fence.Attempt > 1)
        {
            TryReplaceNeedsLock(key, new Entry(null, attempt, DueAt(RemovalKept)));
        }
    }

    private bool TryReplaceNeedsLock(CheckpointKey key, Entry entry)
    {
        var before = FindNeedsLock(key);
        if (before is not null && entry.Attempt.IsReplacedBy(before.Attempt))
        {
            return false;
        }

        MakeRoomNeedsLock(key, before, entry.Bytes);
        _bytes += entry.Bytes - (before?.Bytes ?? 0);
        _entries[key] = entry;
        return true;
    }

    private void MakeRoomNeedsLock(CheckpointKey key, Entry? before, long bytes)
    {
        if (HasRoomNeedsLock(before, bytes))
        {
            return;
        }

        foreach (var other in _entries.Keys.ToArray())
        {
            FindNeedsLock(other);
        }

        if (!HasRoomNeedsLock(before, bytes))
        {
            throw new CheckpointException(
                $"Checkpoint {key.Name} does not fit into the memory store, which holds {_entries.Count} of at most {entriesMax} entries and {_bytes} of at most {bytesMax} bytes. Remove some, or save them for less time.",
                isTransient: true);
        }
    }

    private bool HasRoomNeedsLock(Entry? before, long bytes) =>
        (before is not null || _entries.Count < entriesMax) && _bytes - (before?.Bytes ?? 0) + bytes <= bytesMax;

    /// <summary>An entry that has not outlived its time; drops it if it has.</summary>
    private Entry? FindNeedsLock(CheckpointKey key)
    {
        if (!_entries.TryGetValue(key, out var entry) || entry.DueAt > time.GetUtcNow())
        {
            return entry;
        }

        _entries.Remove(key);
        _bytes -= entry.Bytes;
        return null;
    }

    private DateTimeOffset DueAt(TimeSpan timeToLive)
    {
        var now = time.GetUtcNow();
        return timeToLive < DateTimeOffset.MaxValue - now ? now + timeToLive : DateTimeOffset.MaxValue;
    }

    /// <summary>An entry; without a value when it was removed.</summary>
    private sealed record Entry(byte[]? Value, CheckpointAttempt Attempt, DateTimeOffset DueAt)
    {
        public long Bytes => Value?.Length ?? 0;
    }
}
