using System.Globalization;
using Grid.Messaging;
using Grid.Spi;

namespace Grid.Kernel.Compute.Execution;

/// <summary>The checkpoints of one attempt of a job: names and sizes are checked here, the store of the node keeps them.</summary>
internal sealed class JobCheckpoints(JobRun run) : IJobCheckpoints
{
    private const int NameCharsMax = 256;

    private static readonly TimeSpan TaskTimeToLive = TimeSpan.FromDays(1);
    private static readonly TimeSpan GlobalTimeToLive = TimeSpan.FromDays(30);
    private static readonly TimeSpan TimeToLiveMax = TimeSpan.FromDays(3653);

    private ICheckpointSpi Store => run.Host.Parts.Checkpoints ?? throw new GridConfigurationException(
        [$"Grid:Checkpoint:Provider: job {run.Context.JobId} uses checkpoints, and the node {run.Context.Node.Name} has no store for them. Name one on every node: FileSystem with Grid:Checkpoint:FileSystem:Path, or another."]);

    private CheckpointAttempt Attempt => new(run.Context.JobId, run.Context.Fence);

    /// <inheritdoc/>
    public async Task<bool> SaveAsync<TValue>(string name, TValue value, CheckpointScope scope, TimeSpan? timeToLive, CancellationToken ct)
    {
        var key = KeyOf(name, scope);
        var kept = timeToLive ?? (scope == CheckpointScope.Global ? GlobalTimeToLive : TaskTimeToLive);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(kept, TimeSpan.Zero, nameof(timeToLive));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(kept, TimeToLiveMax, nameof(timeToLive));
        var store = Store;
        using var bytes = new MessageBuffer();
        run.Serializer.Write(bytes, value, "checkpoint");
        if (bytes.WrittenBytes > run.Host.Options.CheckpointBytesMax)
        {
            throw new CheckpointException(
                $"Checkpoint {name} of job {run.Context.JobId} has {bytes.WrittenBytes} bytes; at most {run.Host.Options.CheckpointBytesMax} are accepted (Grid:Checkpoint:ValueBytesMax). Save less, or in several checkpoints.",
                isTransient: false);
        }

        return await store.SaveAsync(key, bytes.WrittenMemory, Attempt, kept, ct).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task<TValue> LoadAsync<TValue>(string name, TValue fallback, CheckpointScope scope, CancellationToken ct)
    {
        var bytes = await Store.LoadAsync(KeyOf(name, scope), Attempt, ct).ConfigureAwait(false);
        return bytes is null ? fallback : run.Serializer.Read<TValue>(bytes);
    }

    /// <inheritdoc/>
    public Task<bool> RemoveAsync(string name, CheckpointScope scope, CancellationToken ct) => Store.RemoveAsync(KeyOf(name, scope), Attempt, ct).AsTask();

    private CheckpointKey KeyOf(string name, CheckpointScope scope)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(name.Length, NameCharsMax, nameof(name));
        return scope switch
        {
            CheckpointScope.Task => new CheckpointKey(TaskScope(), name),
            CheckpointScope.Global => new CheckpointKey("global", name),
            _ => throw new ArgumentOutOfRangeException(nameof(scope), scope, "Accepted: Task, Global."),
        };
    }

    /// <summary>The call that the job belongs to, by its submitter's number; of a call of a single job, the job.</summary>
    private string TaskScope()
    {
        var call = run.Request.Header.Call;
        return string.Create(CultureInfo.InvariantCulture, $"task {run.Key.Submitter.Id} {(call > 0 ? "call" : "job")} {(call > 0 ? call : run.Key.Number)}");
    }
}
