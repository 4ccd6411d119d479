namespace Grid.Spi;

/// <summary>Keeps the checkpoints of jobs where other nodes find them.</summary>
/// <remarks>
/// <para><b>Who calls it, and when.</b> The node that runs a job, when the job saves, loads or removes a checkpoint. Names, sizes and times to live are checked before.</para>
/// <para><b>Fence.</b> An entry remembers the job and the attempt that touched it last. A later attempt of the same job locks the earlier ones out, by loading the entry as well as by writing it, and also by looking for one that is not there: their writes and
/// removals are refused, because they have been replaced. That is decided in one step with the write, also against other processes. Jobs do not lock each other out; the last one to write wins. A removal, and
/// that an attempt after the first found nothing, is remembered for a while, so that an attempt that was locked out does not bring the entry back.</para>
/// <para><b>Whole or not at all.</b> Whoever loads sees a value as it was saved, never a part of it, also after a crash in the middle of a save.</para>
/// <para><b>Concurrency.</b> Calls overlap, also for one key, from many processes.</para>
/// <para><b>Blocking.</b> It may wait for its store, within a bound of its own; it does not block threads of the shared pool for long.</para>
/// <para><b>Failure.</b> <see cref="CheckpointException"/>, transient if the same may succeed later, when the store cannot be used or is full; the entry is then as it was, or as it was to be.
/// Saving, loading and removing may be repeated.</para>
/// <para><b>Ownership.</b> The value is the caller's and valid until the call completes; what is returned is the caller's.</para>
/// </remarks>
public interface ICheckpointSpi
{
    /// <summary>Saves a value in place of an older one.</summary>
    /// <param name="key">Which entry.</param>
    /// <param name="value">The value; may be empty.</param>
    /// <param name="attempt">Who saves it.</param>
    /// <param name="timeToLive">How long it is kept at least from now on, by the clock of the store; above zero. After that it is gone.</param>
    /// <param name="ct">Gives up; the entry is then as it was, or as it was to be.</param>
    /// <returns>False when a later attempt of the job has locked this one out.</returns>
    ValueTask<bool> SaveAsync(CheckpointKey key, ReadOnlyMemory<byte> value, CheckpointAttempt attempt, TimeSpan timeToLive, CancellationToken ct);

    /// <summary>Loads a value, and locks earlier attempts of the same job out.</summary>
    /// <param name="key">Which entry.</param>
    /// <param name="attempt">Who loads it. One that was locked out may still load.</param>
    /// <param name="ct">Gives up.</param>
    /// <returns>The value; null when there is none.</returns>
    ValueTask<byte[]?> LoadAsync(CheckpointKey key, CheckpointAttempt attempt, CancellationToken ct);

    /// <summary>Removes an entry; one that is not there counts as removed.</summary>
    /// <param name="key">Which entry.</param>
    /// <param name="attempt">Who removes it.</param>
    /// <param name="ct">Gives up; the entry is then as it was, or removed.</param>
    /// <returns>False when a later attempt of the job has locked this one out.</returns>
    ValueTask<bool> RemoveAsync(CheckpointKey key, CheckpointAttempt attempt, CancellationToken ct);
}
