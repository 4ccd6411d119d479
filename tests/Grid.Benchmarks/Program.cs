using Grid.Benchmarks;
using Spectre.Console;

// Usage: dotnet run -c Release --project tests/Grid.Benchmarks -- <suite> [options]
// A suite that needs a second process starts this program again with "--peer <role> ...".
if (Console.IsOutputRedirected)
{
    // A file or a pipe gets plain text, on lines that are long enough for every table.
    AnsiConsole.Console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors });
    AnsiConsole.Profile.Width = 200;
}

return await MeasuredProcess.RunAsync(args).ConfigureAwait(false);
