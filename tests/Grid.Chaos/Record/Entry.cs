using System.Globalization;

namespace Grid.Chaos.Record;

/// <summary>One line of the record: who said it is the file's matter.</summary>
/// <param name="Kind">What is said.</param>
/// <param name="Task">Of which task; begins with the name of its <see cref="TaskKind"/>.</param>
/// <param name="Attempt">The attempt's number; 0 where there is none.</param>
/// <param name="Member">The membership that ran the attempt, or what a failure says; without line breaks.</param>
internal sealed record Entry(EntryKind Kind, string Task, int Attempt, string Member)
{
    private const char Separator = '|';

    /// <summary>When it was written, by the clock that all processes of a machine share; to the millisecond.</summary>
    public TimeSpan At { get; init; }

    public string ToLine() => string.Create(
        CultureInfo.InvariantCulture, $"{Kind}{Separator}{Task}{Separator}{Attempt}{Separator}{(long)At.TotalMilliseconds}{Separator}{Member.ReplaceLineEndings(" ")}\n");

    /// <summary>Reads a line; <see langword="null"/> for one that is cut off, as the last of a killed process may be.</summary>
    public static Entry? Parse(string line) =>
        line.Split(Separator, 5) is [var kind, var task, var attempt, var at, var member]
        && Enum.TryParse<EntryKind>(kind, out var entry)
        && int.TryParse(attempt, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        && long.TryParse(at, NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds)
            ? new Entry(entry, task, number, member) { At = TimeSpan.FromMilliseconds(milliseconds) }
            : null;
}
