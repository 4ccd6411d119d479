using System.Diagnostics;
using System.Globalization;
using Grid.Deployment.Worker;
using Grid.Kernel.Deployment;

// A worker that knows no client's code. Arguments: its name, the cache folder, the limit of contexts, whether it takes code, then other workers as it says them itself.
// It takes orders, one line each:   stats   say what was fetched, loaded and what memory is in use      collect   collect, then say the same      (end of input)   leave
using var logs = new LineLogs(Console.Out);
var options = new DeploymentOptions
{
    CachePath = args[1],
    ContextsMax = int.Parse(args[2], CultureInfo.InvariantCulture),
    CodeShipping = bool.Parse(args[3]),
    SweepPeriod = TimeSpan.FromMilliseconds(100),
};
await using var node = await TestNode.StartAsync(args[0], isClient: false, options, [.. args[4..].Select((text, index) => TestNode.Parse(text, index + 1))], logs);
logs.Say($"ready {TestNode.Describe(node.LocalNode)}");
while (await Console.In.ReadLineAsync() is { } line)
{
    if (line == "collect")
    {
        for (var i = 0; i < 5; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        await node.Deployment.SweepAsync();
    }

    using var process = Process.GetCurrentProcess();
    var (live, uncollected, kept) = node.Deployment.Contexts;
    var metrics = node.Deployment.Metrics;
    logs.Say(string.Create(
        CultureInfo.InvariantCulture,
        $"stats {metrics.FilesFetched} {metrics.BytesFetched} {live} {uncollected} {kept} {GC.GetTotalMemory(forceFullCollection: false)} {process.WorkingSet64} {LoadedAssemblies.Count()}"));
}
