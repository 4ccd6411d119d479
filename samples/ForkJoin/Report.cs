using System.Globalization;
using Spectre.Console;

namespace Grid.Samples.ForkJoin;

/// <summary>Prints results, at most 80 columns.</summary>
internal static class Report
{
    public static void Print(TreeCount count, KnownTree? known, TimeSpan elapsed)
    {
        var console = Console();
        console.WriteLine($"nodes {Number(count.Nodes)}, depth {Number(count.Depth)}, leaves {Number(count.Leaves)}{Verdict(count, known)}");
        var table = new Table().Border(TableBorder.Simple).AddColumn("node of the grid");
        table.AddColumn(new TableColumn("counted").RightAligned());
        table.AddColumn(new TableColumn("share").RightAligned());
        foreach (var (worker, nodes) in count.Shares)
        {
            table.AddRow(Markup.Escape(worker), Number(nodes), (nodes / (double)count.Nodes).ToString("P1", CultureInfo.InvariantCulture));
        }

        console.Write(table);
        console.WriteLine($"{Rate(count.Nodes, elapsed)} nodes/s");
    }

    public static void Print(string[] sorted, TimeSpan elapsed, TimeSpan alone) => Console().WriteLine(
        $"{Number(sorted.Length)} words from '{sorted[0]}' to '{sorted[^1]}' in {Milliseconds(elapsed)} ms, the way there and back included; Array.Sort here: {Milliseconds(alone)} ms");

    private static IAnsiConsole Console() => System.Console.IsOutputRedirected
        ? AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors })
        : AnsiConsole.Console;

    private static string Verdict(TreeCount count, KnownTree? known) =>
        known is null ? "" : known.Is(count) ? ", as published" : $"; published: {Number(known.Nodes)}, {Number(known.Depth)}, {Number(known.Leaves)}";

    private static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    private static string Rate(long count, TimeSpan elapsed) => (count / Math.Max(elapsed.TotalSeconds, 1e-3)).ToString("N0", CultureInfo.InvariantCulture);

    private static string Milliseconds(TimeSpan elapsed) => elapsed.TotalMilliseconds.ToString("N0", CultureInfo.InvariantCulture);
}
