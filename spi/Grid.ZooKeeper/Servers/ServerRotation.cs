using System.Net;

namespace Grid.ZooKeeper.Servers;

/// <summary>
/// The order in which servers are tried. Each round resolves all names anew, because servers move, and shuffles, so that clients spread; the server
/// used last comes last. A name that does not resolve is left out. Owned by the reading thread.
/// </summary>
internal sealed class ServerRotation(ConnectString servers, ZooKeeperOptions options, Random random)
{
    private readonly Queue<(IPEndPoint Endpoint, string Host)> _round = new();
    private IPEndPoint? _lastUsed;

    /// <summary>How many addresses the names had when they were last resolved.</summary>
    public int Count { get; private set; } = servers.Servers.Length;

    /// <summary>Whether the next call begins a round.</summary>
    public bool IsRoundOver => _round.Count == 0;

    /// <summary>Why names did not resolve in the last round; empty when all did.</summary>
    public string Failures { get; private set; } = "";

    /// <summary>The next server to try.</summary>
    /// <returns>Whether there is one; otherwise no name resolves.</returns>
    public bool TryNext(out (IPEndPoint Endpoint, string Host) server)
    {
        if (IsRoundOver)
        {
            BeginRound();
        }

        return _round.TryDequeue(out server);
    }

    /// <summary>A session was served by this server; the next round tries it last.</summary>
    public void Used(IPEndPoint endpoint) => _lastUsed = endpoint;

    private void BeginRound()
    {
        List<string> failures = [];
        var resolved = servers.Servers.SelectMany(server => Resolve(server, failures)).Distinct().ToArray();
        if (options.ShuffleServers)
        {
            random.Shuffle(resolved);
        }

        Failures = string.Join("; ", failures);
        Count = Math.Max(1, resolved.Length);
        foreach (var server in resolved.OrderBy(server => server.Endpoint.Equals(_lastUsed) ? 1 : 0))
        {
            _round.Enqueue(server);
        }
    }

    private (IPEndPoint Endpoint, string Host)[] Resolve(ServerAddress server, List<string> failures)
    {
        if (IPAddress.TryParse(server.Host, out var literal))
        {
            return [(new IPEndPoint(literal, server.Port), server.Host)];
        }

        try
        {
            return options.Resolve(server.Host).Select(address => (new IPEndPoint(address, server.Port), server.Host)).ToArray();
        }
        catch (Exception exception)
        {
            failures.Add($"{server.Host}: {exception.Message}");
            return [];
        }
    }
}
