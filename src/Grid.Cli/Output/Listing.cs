using System.Text.Json;
using System.Text.Json.Serialization;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Grid.Cli.Output;

/// <summary>Prints what a command found: a table for people, or JSON for programs.</summary>
internal static class Listing
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static void PrintJson<T>(T value) => Console.Out.WriteLine(JsonSerializer.Serialize(value, Json));

    /// <summary>Prints a table of at most 80 columns; cells that are too long are cut by the caller, who knows which may be.</summary>
    public static void PrintTable(IReadOnlyList<string> headers, IEnumerable<string[]> rows) => Print(MakeTable(headers, rows));

    public static void Print(IRenderable what) => MakeConsole().Write(what);

    /// <summary>A terminal of 80 columns on standard output.</summary>
    public static IAnsiConsole MakeConsole()
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Out) });
        console.Profile.Width = Words.Columns;
        return console;
    }

    public static Table MakeTable(IReadOnlyList<string> headers, IEnumerable<string[]> rows)
    {
        var table = new Table().Border(TableBorder.None);
        foreach (var header in headers)
        {
            table.AddColumn(new TableColumn(new Text(header)) { NoWrap = true, Padding = new Padding(0, 0, 2, 0) });
        }

        foreach (var row in rows)
        {
            table.AddRow(row.Select(cell => new Text(cell)));
        }

        return table;
    }
}
