using System.Collections.Immutable;

namespace Grid.Chaos.Record;

/// <summary>What the record shows.</summary>
internal sealed record Verdict
{
    /// <summary>Tasks whose result came, by kind.</summary>
    public required ImmutableSortedDictionary<TaskKind, int> Done { get; init; }

    /// <summary>The longest that a client waited for a result, by kind.</summary>
    public required ImmutableSortedDictionary<TaskKind, TimeSpan> Slowest { get; init; }

    /// <summary>Attempts that began on a worker.</summary>
    public required int Attempts { get; init; }

    /// <summary>Tasks of which more than one attempt began.</summary>
    public required int Repeated { get; init; }

    /// <summary>The most attempts that a delivered task took.</summary>
    public required int AttemptsMost { get; init; }

    /// <summary>Attempts that were replaced and still came to their end: their results were refused.</summary>
    public required int Refused { get; init; }

    /// <summary>Tasks that must not run twice, given up with their nodes as agreed.</summary>
    public required int GivenUp { get; init; }

    /// <summary>Submitted tasks without a result.</summary>
    public required ImmutableArray<string> Lost { get; init; }

    /// <summary>Tasks with two results, two executions of one attempt, an execution after the one that counted, or a second one where one is allowed.</summary>
    public required ImmutableArray<string> Twice { get; init; }

    /// <summary>Tasks with a wrong result, or with one that no execution committed.</summary>
    public required ImmutableArray<string> Wrong { get; init; }

    /// <summary>Whether all is well, and something was done at all.</summary>
    public bool IsGood => Lost.IsEmpty && Twice.IsEmpty && Wrong.IsEmpty && !Done.IsEmpty;
}
