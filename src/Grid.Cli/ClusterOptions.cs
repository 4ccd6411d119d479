using System.CommandLine;
using System.Globalization;
using Grid.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Grid.Cli;

/// <summary>The options by which every command but <c>node</c> finds its cluster.</summary>
internal sealed class ClusterOptions
{
    private const string Variable = "GRID_CONNECT";

    public Option<string?> Connect { get; } = new("--connect")
    {
        Description = $"The cluster, such as zookeeper://zk1:2181,zk2:2181/grid?cluster=demo. Default: the environment variable {Variable}.",
        HelpName = "url",
    };

    public Option<double> Wait { get; } = new("--wait")
    {
        Description = "How many seconds to wait for the cluster, 0.1 to 3600.",
        DefaultValueFactory = _ => 15,
        HelpName = "seconds",
    };

    public void AddTo(Command command)
    {
        Wait.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<double>() is not (>= 0.1 and <= 3600))
            {
                result.AddError("--wait must be 0.1 to 3600 seconds.");
            }
        });
        command.Add(Connect);
        command.Add(Wait);
    }

    /// <summary>The URL that was given.</summary>
    /// <exception cref="UsageException">There is none.</exception>
    public string UrlOf(ParseResult parsed) => parsed.GetValue(Connect) is { Length: > 0 } given ? given
        : Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } fallback ? fallback
        : throw new UsageException($"Which cluster? Set {Variable}, or add --connect, for example --connect 'zookeeper://127.0.0.1:2181/grid?cluster=demo'.");

    /// <summary>How this process connects.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="settings">Further keys under Grid.</param>
    public GridClientOptions For(ParseResult parsed, params (string Key, string Value)[] settings)
    {
        var pairs = settings.ToDictionary(setting => setting.Key, setting => (string?)setting.Value, StringComparer.OrdinalIgnoreCase);
        pairs["Client:ConnectTimeout"] = TimeSpan.FromSeconds(parsed.GetValue(Wait)).ToString("c", CultureInfo.InvariantCulture);
        return new GridClientOptions { Settings = pairs, AddServices = services => services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.None)) };
    }

    public Task<GridOperator> ConnectAsync(ParseResult parsed, CancellationToken ct) => GridOperator.ConnectAsync(UrlOf(parsed), For(parsed), ct);
}
