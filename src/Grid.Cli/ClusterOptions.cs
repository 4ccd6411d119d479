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
    private static readonly TimeSpan Unremarked = TimeSpan.FromSeconds(2);

    public Option<string?> Connect { get; } = new("--connect")
    {
        Description = $"The cluster, such as zookeeper://zk1:2181/grid?cluster=demo. Default: the environment variable {Variable}.",
        HelpName = "url",
    };

    public Option<double?> Wait { get; } = SecondsOption.Make("--wait", 0.1, 3600, "How long to wait for the cluster, 0.1 to 3600.", 15);

    public void AddTo(Command command)
    {
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
        pairs["Client:ConnectTimeout"] = PatienceOf(parsed).ToString("c", CultureInfo.InvariantCulture);
        return new GridClientOptions { Settings = pairs, AddServices = services => services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.None)) };
    }

    public Task<GridOperator> ConnectAsync(ParseResult parsed, CancellationToken ct) => AwaitAsync(GridOperator.ConnectAsync(UrlOf(parsed), For(parsed), ct), parsed, ct);

    /// <summary>Awaits a connection, and tells whoever sits at the terminal what is waited for, and for how long.</summary>
    public async Task<TGrid> AwaitAsync<TGrid>(Task<TGrid> connecting, ParseResult parsed, CancellationToken ct)
    {
        if (!Console.IsErrorRedirected && await Task.WhenAny(connecting, Task.Delay(Unremarked, TimeProvider.System, ct)) != connecting)
        {
            await Console.Error.WriteLineAsync($"waiting for the cluster, {Output.Words.Duration(PatienceOf(parsed))} at most (--wait)");
        }

        return await connecting;
    }

    private TimeSpan PatienceOf(ParseResult parsed) => TimeSpan.FromSeconds(parsed.GetRequiredValue(Wait)!.Value);
}
