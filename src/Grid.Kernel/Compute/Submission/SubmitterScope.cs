using Grid.Kernel.Compute.Execution;

namespace Grid.Kernel.Compute.Submission;

/// <summary>
/// On whose behalf jobs are submitted: the process itself, or a job that runs here and submits nested work. It bounds what is in flight. Each job has a bound of its
/// own, because a bound shared by nested work of several depths could be used up by parents that wait for their children.
/// </summary>
internal sealed class SubmitterScope(int inFlightMax, JobRun? parent = null) : IDisposable
{
    private readonly SemaphoreSlim _room = new(inFlightMax, inFlightMax);

    /// <summary>The job that submits, or null.</summary>
    public JobRun? Parent { get; } = parent;

    /// <summary>Takes room for one more job if there is some.</summary>
    public bool TryEnter() => _room.Wait(0, CancellationToken.None);

    /// <summary>Waits for room.</summary>
    public Task EnterAsync(CancellationToken ct) => _room.WaitAsync(ct);

    public void Leave() => _room.Release();

    public void Dispose() => _room.Dispose();
}
