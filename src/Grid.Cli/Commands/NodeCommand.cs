using System.CommandLine;
using System.Globalization;
using Grid.Cli.Running;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Grid.Cli.Commands;

/// <summary><c>grid node</c>: a worker in this process, until it is told to stop.</summary>
internal static class NodeCommand
{
    public const string Name = "node";

    private const string Text =
        """
        Start a worker. It joins its cluster, runs what clients send, and drains on
        SIGTERM or Ctrl+C.

        Every configuration key is an option, --Grid:Key=value; it can also stand in
        appsettings.json in the current folder, or in the environment as Grid__Key.
        GRID_SECRET is the secret of the cluster.

        Examples:
          grid node --Grid:Cluster=demo --Grid:Discovery:Provider=ZooKeeper \
                    --Grid:Discovery:ZooKeeper:ConnectionString=127.0.0.1:2181
          grid node --Grid:Node:Name=worker-2 --Grid:Node:Slots=4
              (the rest in appsettings.json)
          grid node --Grid:Plugins:0=plugins/FileDiscovery.dll \
                    --Grid:Discovery:Provider=File ...

        When it takes jobs, one line on standard output says so:
          ready: worker-1 at 127.0.0.1:47100 in cluster demo (2 slots)
        Its log is on standard error; --Logging:LogLevel:Grid=Debug makes it say more.
        """;

    private const string Prefix = "--Grid:";
    private static readonly string[] Prefixes = [Prefix, "--Logging:"];

    public static Lesson Create()
    {
        var command = new Command(Name, "Start a worker.");
        var settings = new Argument<string[]>("settings") { Description = "--Grid:Key=value, any number of them.", Arity = ArgumentArity.ZeroOrMore };
        command.Add(settings);
        command.SetVerb((parsed, ct) => RunAsync(parsed.GetValue(settings) ?? [], ct));
        return new Lesson(command, Text);
    }

    private static async Task<int> RunAsync(IReadOnlyList<string> arguments, CancellationToken ct)
    {
        if (arguments.FirstOrDefault(argument => !Prefixes.Any(prefix => argument.StartsWith(prefix, StringComparison.OrdinalIgnoreCase) && argument.Contains('=', StringComparison.Ordinal))) is { } stray)
        {
            throw new UsageException($"grid node does not know '{stray}'. Configuration keys are written {Prefix}Key=value; see grid node --help.");
        }

        using var host = Build([.. arguments]);
        if (!await TryStartAsync(host, ct))
        {
            return ExitCode.Done;
        }

        var node = host.Services.GetRequiredService<IGrid>().LocalNode;
        var cluster = host.Services.GetRequiredService<IConfiguration>()["Grid:Cluster"];
        await Console.Out.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"ready: {node.Name} at {string.Join(", ", node.Endpoints)} in cluster {cluster} ({Output.Words.Count(node.Slots, "slot")})"));
        await host.WaitForShutdownAsync(ct);
        return ExitCode.Done;
    }

    /// <returns>False when the process was told to stop before the node was up; what its start had made is undone then.</returns>
    private static async Task<bool> TryStartAsync(IHost host, CancellationToken ct)
    {
        var stopping = host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        try
        {
            await host.StartAsync(ct);
            return true;
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            return false;
        }
        catch (GridConfigurationException exception)
        {
            throw new UsageException($"{exception.Message}{Environment.NewLine}Write a key as {Prefix}Key=value, as Grid__Key in the environment, or into appsettings.json: grid node --help.");
        }
    }

    private static IHost Build(string[] arguments)
    {
        // Nothing here reads appsettings.json again when it changes; to wait for that, the host would watch every folder below the one that the worker was started in.
        var configuration = new ConfigurationManager();
        configuration.AddInMemoryCollection([new("hostBuilder:reloadConfigOnChange", "false")]);
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { Args = arguments, Configuration = configuration });

        // Behind everything else: the same variable serves clients.
        builder.Configuration.Sources.Insert(0, new Microsoft.Extensions.Configuration.Memory.MemoryConfigurationSource
        {
            InitialData = [new("Grid:Security:ClusterSecret", Environment.GetEnvironmentVariable("GRID_SECRET"))],
        });
        NodeLogging.Configure(builder.Logging, builder.Configuration);
        builder.Services.Configure<ConsoleLifetimeOptions>(options => options.SuppressStatusMessages = true);
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = ShutdownTimeout(builder.Configuration));
        builder.Services.AddGrid(builder.Configuration.GetSection("Grid"));
        Console.SetOut(new JobConsole(Console.Out));
        return builder.Build();
    }

    /// <summary>The host must not cut the drain short.</summary>
    private static TimeSpan ShutdownTimeout(ConfigurationManager configuration)
    {
        var drain = TimeSpan.TryParse(configuration["Grid:Node:DrainTimeout"], CultureInfo.InvariantCulture, out var configured) ? configured : new Hosting.NodeOptions().DrainTimeout;
        return drain + TimeSpan.FromSeconds(15);
    }
}
