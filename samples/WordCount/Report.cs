using System.Globalization;
using Spectre.Console;

namespace Grid.Samples.WordCount;

/// <summary>Prints progress and results: a bar on a terminal, a line per quarter elsewhere, at most 80 columns.</summary>
internal static class Report
{
    private const int TopWords = 15;
    private const int BarWidth = 24;

    /// <summary>The console; without colours and bars when the output goes into a file or a pipe.</summary>
    public static IAnsiConsole Console() => System.Console.IsOutputRedirected
        ? AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors })
        : AnsiConsole.Console;

    public static Task WithProgressAsync(IAnsiConsole console, long totalBytes, Func<Action<long>, Task> run)
    {
        if (!console.Profile.Out.IsTerminal)
        {
            return run(QuarterLines(console, totalBytes));
        }

        return console.Progress().AutoClear(true)
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new ElapsedTimeColumn())
            .StartAsync(progress =>
            {
                var bar = progress.AddTask("counting", maxValue: Math.Max(1, totalBytes));
                return run(bytes => bar.Value = bytes);
            });
    }

    public static void Print(IAnsiConsole console, CountResult result, TimeSpan elapsed)
    {
        console.Write(TopTable(result));
        console.Write(NodeTable(result));
        var seconds = Math.Max(elapsed.TotalSeconds, 1e-3);
        console.MarkupLineInterpolated(
            CultureInfo.InvariantCulture,
            $"[bold]{result.Words:N0}[/] words, {result.Counts.Count:N0} different, {Size(result.Bytes)} in {elapsed.TotalSeconds:F2} s: [bold]{result.Words / seconds:N0}[/] words/s");
    }

    public static string Size(long bytes) => bytes < 1 << 20
        ? string.Create(CultureInfo.InvariantCulture, $"{bytes / 1024.0:F1} KiB")
        : string.Create(CultureInfo.InvariantCulture, $"{bytes / 1048576.0:F1} MiB");

    private static Action<long> QuarterLines(IAnsiConsole console, long totalBytes)
    {
        var quarters = 0L;
        return bytes =>
        {
            var reached = totalBytes == 0 ? 4 : 4 * bytes / totalBytes;
            if (reached > quarters)
            {
                quarters = reached;
                console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{25 * reached,3} % counted"));
            }
        };
    }

    private static Table TopTable(CountResult result)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumn("word").AddColumn(new TableColumn("count").RightAligned()).AddColumn("");
        var top = result.Top(TopWords).ToList();
        foreach (var (word, count) in top)
        {
            var bar = new string('#', (int)Math.Max(1, BarWidth * count / top[0].Value));
            table.AddRow(new Text(Shortened(word)), new Text(count.ToString("N0", CultureInfo.InvariantCulture)), new Text(bar, new Style(Color.Green)));
        }

        return table;
    }

    private static Table NodeTable(CountResult result)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumn("node");
        foreach (var heading in new[] { "chunks", "text", "words", "share" })
        {
            table.AddColumn(new TableColumn(heading).RightAligned());
        }

        foreach (var (node, share) in result.Nodes)
        {
            table.AddRow(
                node,
                share.Chunks.ToString("N0", CultureInfo.InvariantCulture),
                Size(share.Bytes),
                share.Words.ToString("N0", CultureInfo.InvariantCulture),
                (share.Bytes / (double)Math.Max(1, result.Bytes)).ToString("P0", CultureInfo.InvariantCulture));
        }

        return table;
    }

    private static string Shortened(string word) => word.Length <= 24 ? word : word[..23] + "…";
}
