using System.CommandLine;
using System.Security.Cryptography;
using Grid.Chaos;
using Grid.Chaos.Load;
using Grid.Chaos.Site;
using Microsoft.Extensions.Logging;

var minutes = new Option<double>("--minutes") { Description = "How long faults happen; default 5.", DefaultValueFactory = _ => 5 };
var seed = new Option<int>("--seed") { Description = "Of plan and load; default by chance.", DefaultValueFactory = _ => RandomNumberGenerator.GetInt32(int.MaxValue) };
var workers = new Option<int>("--workers") { Description = "Workers from the beginning, 3 to 16; default 4.", DefaultValueFactory = _ => 4 };
var clients = new Option<int>("--clients") { Description = "Processes that submit, 1 to 8; default 2.", DefaultValueFactory = _ => 2 };
var noNetwork = new Option<bool>("--no-network") { Description = "Do not cut the network, even where that can be done." };
minutes.Validators.Add(result => Check(result.GetValueOrDefault<double>() is >= 0.1 and <= 1440, "--minutes takes 0.1 to 1440.", result.AddError));
workers.Validators.Add(result => Check(result.GetValueOrDefault<int>() is >= 3 and <= 16, "--workers takes 3 to 16.", result.AddError));
clients.Validators.Add(result => Check(result.GetValueOrDefault<int>() is >= 1 and <= 8, "--clients takes 1 to 8.", result.AddError));

var root = new RootCommand("Works on a grid of real processes while they are killed, stopped and cut off, and shows that no task is lost, done twice or wrong.")
{
    minutes, seed, workers, clients, noNetwork, ClientCommand(),
};
root.SetAction((parsed, ct) => RunAsync(
    new ChaosOptions
    {
        Seed = parsed.GetValue(seed),
        Length = TimeSpan.FromMinutes(parsed.GetValue(minutes)),
        Workers = parsed.GetValue(workers),
        Clients = parsed.GetValue(clients),
        CutsNetwork = !parsed.GetValue(noNetwork),
    },
    ct));

// After the first Ctrl+C the run still has processes to end.
return await root.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromMinutes(1) });

static async Task<int> RunAsync(ChaosOptions options, CancellationToken ct)
{
    if (ChaosSite.Absence() is { } reason)
    {
        Console.Error.WriteLine($"No chaos run here: {reason}.");
        return 2;
    }

    using var loggers = LoggerFactory.Create(logging => logging.AddSimpleConsole(console => (console.SingleLine, console.TimestampFormat) = (true, "HH:mm:ss ")));
    var report = await new ChaosRun(options, TimeProvider.System, loggers.CreateLogger("chaos")).RunAsync(ct);
    report.WriteTo(Console.Out);
    return report.IsGood ? 0 : 1;
}

static Command ClientCommand()
{
    var url = new Argument<string>("url");
    var name = new Option<string>("--name") { Required = true };
    var seed = new Option<int>("--seed") { Required = true };
    var folder = new Option<string>("--folder") { Required = true };
    var command = new Command("client", "What the run starts to submit work.") { url, name, seed, folder };
    command.Hidden = true;
    command.SetAction((parsed, _) => ClientProgram.RunAsync(parsed.GetRequiredValue(url), parsed.GetRequiredValue(name), parsed.GetRequiredValue(seed), parsed.GetRequiredValue(folder)));
    return command;
}

static void Check(bool isRight, string problem, Action<string> tell)
{
    if (!isRight)
    {
        tell(problem);
    }
}
