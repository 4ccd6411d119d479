using Grid;
using Grid.Cluster.Worker;
using Grid.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

// A node, or with --client=true a client, that tells a test what it sees, one line per fact, and takes orders, one line each:
//   call on|off [NAMES]   keep calling a job on any node, or one of those, one after another     calls   say how many succeeded and failed
//   hold NAME FILE        run a job on that node that ends when the file exists                 stop    leave
//   pile COUNT NAMES FILE    the same, of jobs that tell by which attempt they ran              follow NAME FILE   hold without a blocked thread; say when it runs
//   waiting NAME          say how many jobs wait there, as far as is known
//   stall NAME FILE       block every job lane and the whole thread pool of that node until the file exists
//   share COUNT NAMES FILE   run so many of them on those nodes, with as many attempts as it takes; say whose results came
var configuration = new ConfigurationBuilder().AddCommandLine(args).Build();
using var report = new Report(Console.Out);
await using (var grid = await StartAsync())
{
    report.Say($"joined {grid.LocalNode.Id}");
    using var ending = new CancellationTokenSource();
    var watching = Topology.WatchAsync(grid, report, ending.Token);
    var calls = new Calls(grid, report);
    while (await Console.In.ReadLineAsync() is { } line && line != "stop")
    {
        await calls.ObeyAsync(line.Split(' '));
    }

    await calls.EndAsync();
    await ending.CancelAsync();
    await watching;
}

report.Say("left");

Task<IGrid> StartAsync()
{
    void AddLogs(IServiceCollection services) => services.AddLogging(logging => logging.AddProvider(new ReportingLogs(report)));
    return configuration["client"] == "true"
        ? GridClient.ConnectAsync(configuration, new GridClientOptions { AddServices = AddLogs })
        : GridNode.StartAsync(configuration, AddLogs, _ => { });
}
