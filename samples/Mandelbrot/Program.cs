using System.CommandLine;
using Grid;
using Grid.Hosting;
using Grid.Samples.Mandelbrot;
using Spectre.Console;

var nodes = new Option<int>("--nodes") { Description = "How many nodes to start in this process, 1 to 64.", DefaultValueFactory = _ => 3 };
var width = new Option<int>("--width") { Description = "Pixels across, 16 to 16,384.", DefaultValueFactory = _ => 1200 };
var height = new Option<int>("--height") { Description = "Pixels down, 16 to 16,384.", DefaultValueFactory = _ => 900 };
var iterations = new Option<int>("--iterations") { Description = "Steps after which a point counts as one of the set, 1 to 1,000,000.", DefaultValueFactory = _ => 1000 };
var output = new Option<FileInfo>("--output") { Description = "The picture; the one that shows who computed what goes beside it, as <name>.nodes.png.", DefaultValueFactory = _ => new FileInfo("artifacts/mandelbrot.png") };
Limit(nodes, 1, 64);
Limit(width, 16, 16384);
Limit(height, 16, 16384);
Limit(iterations, 1, 1_000_000);

var command = new RootCommand("Renders the Mandelbrot set in tiles on the nodes of a grid.") { nodes, width, height, iterations, output };
command.SetAction(async (arguments, ct) =>
{
    var view = new View(arguments.GetValue(width), arguments.GetValue(height), CenterX: -0.743643, CenterY: 0.131825, Span: 0.01, arguments.GetValue(iterations));
    await using var local = await LocalGrid.StartAsync(arguments.GetValue(nodes), ct);
    var started = TimeProvider.System.GetTimestamp();
    var tiles = await RenderAsync(local.Client, view, ct);
    AnsiConsole.WriteLine($"{tiles.Length} tiles in {TimeProvider.System.GetElapsedTime(started).TotalSeconds:F2} s");
    Save(view, tiles, arguments.GetValue(output)!);
});
return await command.Parse(args).InvokeAsync();

// The grid at work: each tile is a job; the view travels with the delegate.
static Task<RenderedTile[]> RenderAsync(INodeGroup grid, View view, CancellationToken ct) =>
    grid.MapAsync(Tile.Cover(view.Width, view.Height, size: 64), view.RenderHere, ct);

static void Save(View view, RenderedTile[] tiles, FileInfo file)
{
    var picture = new Picture(view.Width, view.Height);
    var map = new Picture(view.Width, view.Height);
    var nodes = tiles.Select(tile => tile.Node).Distinct().Order(StringComparer.Ordinal).ToList();
    foreach (var tile in tiles)
    {
        var node = nodes.IndexOf(tile.Node);
        picture.Paint(tile, Palette.Flow);
        map.Paint(tile, level => Palette.OfNode(node, level));
    }

    Write(file, picture);
    Write(new FileInfo(Path.ChangeExtension(file.FullName, ".nodes.png")), map);
    foreach (var node in nodes)
    {
        AnsiConsole.WriteLine($"  {node}: {tiles.Count(tile => tile.Node == node)} tiles");
    }
}

static void Write(FileInfo file, Picture picture)
{
    file.Directory!.Create();
    using var stream = file.Create();
    PngFile.Write(stream, picture);
    AnsiConsole.WriteLine($"{Path.GetRelativePath(Directory.GetCurrentDirectory(), file.FullName)}: {stream.Length / 1024} KiB");
}

static void Limit(Option<int> option, int min, int max) => option.Validators.Add(result =>
{
    if (result.GetValueOrDefault<int>() is var value && (value < min || value > max))
    {
        result.AddError($"{option.Name} must be {min} to {max}.");
    }
});
