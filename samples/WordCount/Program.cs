using System.CommandLine;
using Grid;
using Grid.Hosting;
using Grid.Samples.WordCount;
using Spectre.Console;

var input = new Option<string[]>("--input") { Description = "Files or folders to count; default: the King James Bible beside the program.", AllowMultipleArgumentsPerToken = true };
var nodes = new Option<int>("--nodes") { Description = "How many nodes to start in this process, 1 to 64.", DefaultValueFactory = _ => 3 };
var output = new Option<FileInfo?>("--output") { Description = "Also write all counts to this file, as word<TAB>count lines." };
nodes.Validators.Add(result =>
{
    if (result.GetValueOrDefault<int>() is < 1 or > 64)
    {
        result.AddError("--nodes must be 1 to 64.");
    }
});

var command = new RootCommand("Counts the words of a text on the nodes of a grid.") { input, nodes, output };
command.SetAction((arguments, ct) => RunAsync(arguments.GetValue(input) ?? [], arguments.GetValue(nodes), arguments.GetValue(output), ct));
return await command.Parse(args).InvokeAsync();

static async Task<int> RunAsync(string[] paths, int nodes, FileInfo? output, CancellationToken ct)
{
    try
    {
        var text = InputText.Find(paths.Length > 0 ? paths : [Path.Combine(AppContext.BaseDirectory, "kjv.txt")]);
        var console = Report.Console();
        await using var local = await LocalGrid.StartAsync(nodes, ct);
        var skipped = text.BinaryFilesSkipped > 0 ? $" ({text.BinaryFilesSkipped} binary left out)" : "";
        var files = text.Files is [var only] ? Path.GetFileName(only) : $"{text.Files.Count} files";
        console.WriteLine($"{files}{skipped}, {Report.Size(text.Bytes)}, on {nodes} node{(nodes == 1 ? "" : "s")}");
        var started = TimeProvider.System.GetTimestamp();
        var result = await CountAsync(local.Client, text, console, ct);
        Report.Print(console, result, TimeProvider.System.GetElapsedTime(started));
        if (output is not null)
        {
            result.Save(output);
            console.WriteLine($"all counts: {output}");
        }

        return 0;
    }
    catch (Exception exception) when (exception is InputException or IOException or UnauthorizedAccessException)
    {
        await Console.Error.WriteLineAsync(exception.Message);
        return 1;
    }
}

// The grid at work: chunks go out as they are read, counts come back as they are ready, and are added up here.
static async Task<CountResult> CountAsync(INodeGroup grid, InputText text, IAnsiConsole console, CancellationToken ct)
{
    const int chunkBytes = 128 * 1024;
    var result = new CountResult();
    await Report.WithProgressAsync(console, text.Bytes, async showProgress =>
    {
        await foreach (var chunk in grid.StreamAsync(text.ReadChunksAsync(chunkBytes, ct), WordTally.CountHere, ct))
        {
            result.Add(chunk);
            showProgress(result.Bytes);
        }
    });
    return result;
}
