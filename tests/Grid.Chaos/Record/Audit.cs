using System.Collections.Immutable;

namespace Grid.Chaos.Record;

/// <summary>Judges a record, task by task. Workers and clients wrote it independently of each other, so what one side forgets or repeats the other side shows.</summary>
internal static class Audit
{
    public static Verdict Judge(IEnumerable<Entry> entries)
    {
        var tasks = entries.GroupBy(entry => entry.Task, StringComparer.Ordinal).Select(task => new TaskHistory(task.Key, [.. task])).ToArray();
        return new Verdict
        {
            Done = tasks.Where(task => task.Results > 0).GroupBy(task => task.Kind).ToImmutableSortedDictionary(kind => kind.Key, kind => kind.Count()),
            Slowest = tasks.Where(task => task.Results > 0).GroupBy(task => task.Kind).ToImmutableSortedDictionary(kind => kind.Key, kind => kind.Max(task => task.Took)),
            Attempts = tasks.Sum(task => task.Began.Length),
            Repeated = tasks.Count(task => task.Began.Length > 1),
            AttemptsMost = tasks.Select(task => task.Counted).DefaultIfEmpty().Max(),
            Refused = tasks.Sum(task => task.Committed.Count(attempt => attempt != task.Counted)),
            GivenUp = tasks.Count(task => task.IsGivenUp),
            Lost = Names(tasks, task => task.Results == 0 && !task.IsGivenUp, task => task.Failure ?? "no result came"),
            Twice = Names(tasks, task => task.Repetition is not null, task => task.Repetition!),
            Wrong = Names(tasks, task => task.Error is not null, task => task.Error!),
        };
    }

    private static ImmutableArray<string> Names(IEnumerable<TaskHistory> tasks, Func<TaskHistory, bool> isOne, Func<TaskHistory, string> why) =>
        [.. tasks.Where(isOne).Select(task => $"{task.Name}: {why(task)}").Order(StringComparer.Ordinal)];
}
