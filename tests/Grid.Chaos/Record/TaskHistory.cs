using System.Collections.Immutable;

namespace Grid.Chaos.Record;

/// <summary>What the record says of one task.</summary>
internal sealed class TaskHistory
{
    public TaskHistory(string name, ImmutableArray<Entry> entries)
    {
        Name = name;
        Kind = Enum.Parse<TaskKind>(name.Split('-')[0]);
        Began = AttemptsOf(entries, EntryKind.Began);
        Committed = AttemptsOf(entries, EntryKind.Committed);
        Results = entries.Count(entry => entry.Kind is EntryKind.Delivered or EntryKind.DeliveredWrong);
        Counted = entries.Where(entry => entry.Kind is EntryKind.Delivered or EntryKind.DeliveredWrong).Select(entry => entry.Attempt).FirstOrDefault();
        HasWrongResult = entries.Any(entry => entry.Kind == EntryKind.DeliveredWrong);
        Failure = entries.FirstOrDefault(entry => entry.Kind == EntryKind.Failed)?.Member;
        Took = TimeOf(entries, EntryKind.Delivered) - TimeOf(entries, EntryKind.Submitted);
    }

    public string Name { get; }

    public TaskKind Kind { get; }

    /// <summary>The attempts that began, in no order; empty for tasks of many jobs.</summary>
    public ImmutableArray<int> Began { get; }

    /// <summary>The attempts that came to their end.</summary>
    public ImmutableArray<int> Committed { get; }

    /// <summary>How many results came.</summary>
    public int Results { get; }

    /// <summary>The attempt whose result was taken; 0 without one.</summary>
    public int Counted { get; }

    /// <summary>What came instead of a result.</summary>
    public string? Failure { get; }

    /// <summary>
    /// Whether it is a task that must not run twice, and its node was lost, which may have begun it, or gave it up after it had begun. A node that gives up what it has not begun knows it, and
    /// the task is sent to another.
    /// </summary>
    public bool IsGivenUp => Kind == TaskKind.Once && Results == 0 && Failure is not null
        && (Failure.StartsWith(nameof(NodeLostException), StringComparison.Ordinal)
            || (Began.Length == 1 && Failure.StartsWith(nameof(JobRejectedException), StringComparison.Ordinal)));

    /// <summary>How long its client waited for the result; not above zero for one that never came.</summary>
    public TimeSpan Took { get; }

    /// <summary>What was done twice; <see langword="null"/> when nothing was.</summary>
    public string? Repetition =>
        Results > 1 ? $"{Results} results came"
        : Began.Length != Began.Distinct().Count() ? $"one attempt began more than once (attempts {string.Join(", ", Began)})"
        : Kind == TaskKind.Once && Began.Length > 1 ? $"it must not run twice, and attempts {string.Join(", ", Began)} began"
        : Counted > 0 && Began.Any(attempt => attempt > Counted) ? $"attempt {Counted} was taken, and attempts {string.Join(", ", Began)} began"
        : null;

    /// <summary>What is wrong with the result; <see langword="null"/> when it is right or there is none.</summary>
    public string? Error =>
        HasWrongResult ? "the result is not what the client computed"
        : Counted > 0 && !Committed.Contains(Counted) ? $"the result of attempt {Counted} was taken, which never came to its end"
        : null;

    private bool HasWrongResult { get; }

    private static TimeSpan TimeOf(ImmutableArray<Entry> entries, EntryKind kind) => entries.FirstOrDefault(entry => entry.Kind == kind)?.At ?? TimeSpan.Zero;

    private static ImmutableArray<int> AttemptsOf(ImmutableArray<Entry> entries, EntryKind kind) => [.. entries.Where(entry => entry.Kind == kind).Select(entry => entry.Attempt)];
}
