using System.Collections.Immutable;

namespace Grid;

/// <summary>What one node knows about a job. Immutable.</summary>
public sealed record JobExplanation
{
    /// <summary>Whether the node has an attempt of the job.</summary>
    public bool HasAttempt { get; init; }

    /// <summary>Whether the sentences of <see cref="Submitter"/> are there: the node submitted the job, or has asked who did.</summary>
    public bool KnowsSubmitter => !Submitter.IsDefaultOrEmpty;

    /// <summary>What the attempts on the node do and wait for; empty when it has none.</summary>
    public ImmutableArray<string> Here { get; init; } = [];

    /// <summary>What the submitter says: where the job is, which attempts failed and why, which nodes it may not go to and why. Empty when the submitter is not known or has no such job.</summary>
    public ImmutableArray<string> Submitter { get; init; } = [];

    /// <summary>What the node's flight recorder has of the job, the oldest first.</summary>
    public ImmutableArray<NodeEvent> Events { get; init; } = [];
}
