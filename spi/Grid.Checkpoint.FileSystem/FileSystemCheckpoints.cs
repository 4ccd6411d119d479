using Grid.Spi;
using Microsoft.Extensions.Configuration;

namespace Grid.Checkpoint.FileSystem;

/// <summary>
/// Checkpoints as files in a folder that all nodes of the cluster reach. Each operation holds a lock on one of <see cref="Folders"/> subfolders, which other processes and machines respect, so
/// it compares and writes in one step.
/// </summary>
/// <remarks>
/// An entry is written beside, flushed to the disk, and renamed: after a crash there is the old value or the new one. (The rename itself may be lost with the machine's power, which brings the old
/// one back.) What has outlived its time is dropped when it is loaded, when its subfolder is full, and every ten minutes in which something is saved there.
/// </remarks>
public sealed class FileSystemCheckpoints : ICheckpointSpi
{
    /// <summary>How many subfolders entries are spread over.</summary>
    public const int Folders = 256;

    private static readonly TimeSpan RemovalKept = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan SweepPeriod = TimeSpan.FromMinutes(10);

    private readonly FileSystemCheckpointOptions _options;
    private readonly TimeProvider _time;
    private readonly long[] _sweptAt = new long[Folders]; // Written by whoever has the folder's lock; 0 before the first time.

    /// <summary>Makes the provider.</summary>
    /// <param name="options">Where.</param>
    /// <param name="time">The clock of the times to live, and of waits.</param>
    public FileSystemCheckpoints(FileSystemCheckpointOptions options, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        _options = options;
        _time = time;
    }

    /// <summary>Makes it from its section of the configuration.</summary>
    /// <param name="section">Its own section.</param>
    /// <param name="services">The node's services: the clock.</param>
    /// <exception cref="GridConfigurationException">Lists every problem.</exception>
    public static FileSystemCheckpoints Create(IConfigurationSection section, IServiceProvider services)
    {
        ArgumentNullException.ThrowIfNull(services);
        var time = (TimeProvider?)services.GetService(typeof(TimeProvider)) ?? TimeProvider.System;
        return new FileSystemCheckpoints(FileSystemCheckpointOptions.Read(section), time);
    }

    /// <inheritdoc/>
    public ValueTask<bool> SaveAsync(CheckpointKey key, ReadOnlyMemory<byte> value, CheckpointAttempt attempt, TimeSpan timeToLive, CancellationToken ct)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(timeToLive, TimeSpan.Zero);
        return new(UseAsync(key, (folder, _) => ReplaceAsync(folder, key, new EntryHead(false, DueAt(timeToLive), attempt, 0, 0), value, ct), ct));
    }

    /// <inheritdoc/>
    public ValueTask<byte[]?> LoadAsync(CheckpointKey key, CheckpointAttempt attempt, CancellationToken ct) => new(UseAsync(
        key,
        async (folder, path) =>
        {
            if (await FindAsync(path, key, ct).ConfigureAwait(false) is not { } entry)
            {
                await LockOutAsync(folder, key, attempt, ct).ConfigureAwait(false);
                return null;
            }

            if (entry.Head.Attempt.IsReplacedBy(attempt))
            {
                await EntryFile.WriteAsync(path, key, entry.Head with { Attempt = attempt }, entry.Value, ct).ConfigureAwait(false);
            }

            return entry.Head.IsRemoved ? null : entry.Value;
        },
        ct));

    /// <inheritdoc/>
    public ValueTask<bool> RemoveAsync(CheckpointKey key, CheckpointAttempt attempt, CancellationToken ct) => new(UseAsync(
        key,
        async (folder, path) =>
        {
            if (await FindAsync(path, key, ct).ConfigureAwait(false) is null)
            {
                await LockOutAsync(folder, key, attempt, ct).ConfigureAwait(false);
                return true;
            }

            return await ReplaceAsync(folder, key, new EntryHead(true, DueAt(RemovalKept), attempt, 0, 0), default, ct).ConfigureAwait(false);
        },
        ct));

    /// <summary>Notes who found no entry, so that an earlier attempt does not bring one. Before the first there is none.</summary>
    private async Task LockOutAsync(EntryFolder folder, CheckpointKey key, CheckpointAttempt attempt, CancellationToken ct)
    {
        if (attempt.Fence.Attempt > 1)
        {
            await ReplaceAsync(folder, key, new EntryHead(true, DueAt(RemovalKept), attempt, 0, 0), default, ct).ConfigureAwait(false);
        }
    }

    private async Task<bool> ReplaceAsync(EntryFolder folder, CheckpointKey key, EntryHead head, ReadOnlyMemory<byte> value, CancellationToken ct)
    {
        var path = folder.PathOf(EntryFile.NameOf(key));
        if (await FindAsync(path, key, ct).ConfigureAwait(false) is not { } before)
        {
            folder.MakeRoom();
        }
        else if (head.Attempt.IsReplacedBy(before.Head.Attempt))
        {
            return false;
        }

        await EntryFile.WriteAsync(path, key, head, value, ct).ConfigureAwait(false);
        return true;
    }

    /// <summary>An entry that has not outlived its time; drops it if it has.</summary>
    private async Task<(EntryHead Head, byte[] Value)?> FindAsync(string path, CheckpointKey key, CancellationToken ct)
    {
        var found = await EntryFile.ReadAsync(path, key, ct).ConfigureAwait(false);
        if (found is { } entry && entry.Head.DueAt <= _time.GetUtcNow())
        {
            File.Delete(path);
            return null;
        }

        return found;
    }

    /// <summary>Does something with an entry under the lock of its folder.</summary>
    private async Task<TResult> UseAsync<TResult>(CheckpointKey key, Func<EntryFolder, string, Task<TResult>> use, CancellationToken ct)
    {
        var name = EntryFile.NameOf(key);
        var folder = new EntryFolder(_options.Path, name[..2], _options, _time);
        try
        {
            using (await folder.LockAsync(ct).ConfigureAwait(false))
            {
                SweepIfDue(folder, Convert.ToInt32(name[..2], 16));
                return await use(folder, folder.PathOf(name)).ConfigureAwait(false);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CheckpointException(
                $"The checkpoint folder {_options.Path} cannot be used: {exception.Message} Check that it exists on every node, that the process may write there, and that the disk is not full.", isTransient: true, exception);
        }
    }

    private void SweepIfDue(EntryFolder folder, int index)
    {
        var now = _time.GetTimestamp();
        if (_sweptAt[index] == 0)
        {
            // A process that lives for a moment leaves the folders alone.
            _sweptAt[index] = Math.Max(1, now);
        }
        else if (_time.GetElapsedTime(_sweptAt[index], now) >= SweepPeriod)
        {
            _sweptAt[index] = now;
            folder.Sweep();
        }
    }

    private DateTimeOffset DueAt(TimeSpan timeToLive)
    {
        var now = _time.GetUtcNow();
        return timeToLive < DateTimeOffset.MaxValue - now ? now + timeToLive : DateTimeOffset.MaxValue;
    }
}
