namespace Grid.Kernel.Compute.Submission;

/// <summary>What all jobs of one call have in common.</summary>
/// <param name="Scope">On whose behalf.</param>
/// <param name="Nodes">Where they may run.</param>
/// <param name="Options">How they are run.</param>
internal sealed record JobSpec(SubmitterScope Scope, EligibleNodes Nodes, JobOptions Options)
{
    /// <summary>Whether the caller wants to know when the job starts and how far it is.</summary>
    public bool WantsNotices { get; init; }

    /// <summary>Nodes that are taken only when there is no other.</summary>
    public IReadOnlyList<NodeKey> Avoided { get; init; } = [];

    // Taken by the first job of the call.
    private long _call;

    /// <summary>The number that the jobs of this call have in common.</summary>
    /// <param name="last">The submitter's last number.</param>
    public long NumberOfCall(ref long last)
    {
        if (Volatile.Read(ref _call) == 0)
        {
            Interlocked.CompareExchange(ref _call, Interlocked.Increment(ref last), 0);
        }

        return _call;
    }
}
