using System.CommandLine;
using Grid.Hosting;

namespace Grid.Samples.ForkJoin;

/// <summary>The command <c>sort</c>.</summary>
internal static class SortCommand
{
    private static readonly Option<FileInfo> Input = new("--input")
    {
        Description = "The text whose words are sorted; default: the King James Bible beside the program.",
        DefaultValueFactory = _ => new FileInfo(Path.Combine(AppContext.BaseDirectory, "kjv.txt")),
    };

    private static readonly Option<FileInfo?> Output = new("--output") { Description = "Also write the sorted words to this file, one per line." };

    public static Command Create(Option<int> nodes)
    {
        var command = new Command("sort", "Sorts the words of a text by parallel merge sort.") { Input, Output, nodes };
        command.SetAction((arguments, ct) => RunAsync(arguments.GetValue(Input)!, arguments.GetValue(Output), arguments.GetValue(nodes), ct));
        return command;
    }

    private static async Task<int> RunAsync(FileInfo input, FileInfo? output, int nodes, CancellationToken ct)
    {
        if (!input.Exists)
        {
            await Console.Error.WriteLineAsync($"There is no file '{input}'. Name a text file with --input.");
            return 1;
        }

        var words = (await File.ReadAllTextAsync(input.FullName, ct)).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        if (words.Length == 0)
        {
            await Console.Error.WriteLineAsync($"'{input}' has no words.");
            return 1;
        }

        await using var local = await LocalGrid.StartAsync(nodes, ct);
        var start = TimeProvider.System.GetTimestamp();
        var sorted = await local.Client.InvokeAsync(new SortTask(words), ct);
        var elapsed = TimeProvider.System.GetElapsedTime(start);
        start = TimeProvider.System.GetTimestamp();
        Array.Sort(words, StringComparer.Ordinal);
        Report.Print(sorted, elapsed, TimeProvider.System.GetElapsedTime(start));
        if (output is not null)
        {
            await File.WriteAllLinesAsync(output.FullName, sorted, ct);
        }

        return 0;
    }
}
