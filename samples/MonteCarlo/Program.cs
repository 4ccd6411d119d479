using System.CommandLine;
using System.Globalization;
using Grid;
using Grid.Hosting;
using Grid.Samples.MonteCarlo;
using Spectre.Console;

var nodes = new Option<int>("--nodes") { Description = "How many nodes to start in this process, 1 to 64.", DefaultValueFactory = _ => 3 };
var paths = new Option<long>("--paths") { Description = "How many paths to simulate, 1,000 to 100 billion.", DefaultValueFactory = _ => 20_000_000 };
var seed = new Option<ulong>("--seed") { Description = "Selects the random numbers.", DefaultValueFactory = _ => 42 };
var strike = new Option<double>("--strike") { Description = "What the share, now at 100, may be bought for in a year; above 0.", DefaultValueFactory = _ => 105 };
nodes.Validators.Add(result => Require(result.GetValueOrDefault<int>() is >= 1 and <= 64, result, "--nodes must be 1 to 64."));
paths.Validators.Add(result => Require(result.GetValueOrDefault<long>() is >= 1000 and <= 100_000_000_000, result, "--paths must be 1000 to 100000000000."));
strike.Validators.Add(result => Require(result.GetValueOrDefault<double>() is > 0 and < 1e9, result, "--strike must be above 0 and below 1e9."));

var command = new RootCommand("Prices an option by simulation on the nodes of a grid, and shows how it converges to the closed form.") { nodes, paths, seed, strike };
command.SetAction(async (arguments, ct) =>
{
    var option = new EuropeanCall(Spot: 100, arguments.GetValue(strike), Rate: 0.03, Volatility: 0.2, Years: 1);
    await using var local = await LocalGrid.StartAsync(arguments.GetValue(nodes), ct);
    var started = TimeProvider.System.GetTimestamp();
    var result = await PriceAsync(local.Client, option, arguments.GetValue(paths), arguments.GetValue(seed), ct);
    Print(option, result, TimeProvider.System.GetElapsedTime(started), arguments.GetValue(nodes));
});
return await command.Parse(args).InvokeAsync();

// The grid at work: the lambda runs on the nodes with its copies of option and seed. The results are added here in the order of
// the blocks, so the sum is the same to the last bit however many nodes there are. A path and its mirror image are a pair.
static Task<Convergence> PriceAsync(INodeGroup grid, EuropeanCall option, long paths, ulong seed, CancellationToken ct)
{
    const int pairsPerBlock = 50_000;
    var pairs = paths / 2;
    return grid.MapReduceAsync(
        Enumerable.Range(0, (int)((pairs + pairsPerBlock - 1) / pairsPerBlock)),
        block => option.Simulate(block, (int)Math.Min(pairsPerBlock, pairs - ((long)block * pairsPerBlock)), seed),
        new Convergence(),
        (convergence, block) => convergence.Add(block),
        ct);
}

static void Print(EuropeanCall option, Convergence result, TimeSpan elapsed, int nodes)
{
    var exact = option.ClosedForm();
    var table = new Table().Border(TableBorder.Simple);
    foreach (var heading in new[] { "paths", "price", "std. error", "error", "error / std. error" })
    {
        table.AddColumn(new TableColumn(heading).RightAligned());
    }

    foreach (var step in result.Steps)
    {
        var error = step.Mean - exact;
        table.AddRow(Number(2 * step.Samples, "N0"), Number(step.Mean, "F5"), Number(step.StandardError, "F5"), Number(error, "+0.00000;-0.00000"), Number(error / step.StandardError, "+0.00;-0.00"));
    }

    AnsiConsole.Write(table);
    AnsiConsole.WriteLine($"closed form {Number(exact, "F5")}; {Number(2 * result.Total.Samples / elapsed.TotalSeconds, "N0")} paths/s on {nodes} node{(nodes == 1 ? "" : "s")}");
}

static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);

static void Require(bool holds, System.CommandLine.Parsing.OptionResult option, string message)
{
    if (!holds)
    {
        option.AddError(message);
    }
}
