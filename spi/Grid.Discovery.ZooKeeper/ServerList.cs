using System.Collections.Immutable;
using System.Globalization;

namespace Grid.Discovery.ZooKeeper;

/// <summary>The servers of a connection string, for messages and for <see cref="Session.OutageProbe"/>; the client parses its own.</summary>
internal static class ServerList
{
    private const int DefaultPort = 2181;

    /// <summary>Reads <c>host[:port],[ipv6]:port/chroot</c>.</summary>
    /// <returns>What is wrong, or <see langword="null"/>.</returns>
    public static string? TryParse(string connectionString, out ImmutableArray<NodeEndpoint> servers)
    {
        servers = [];
        var slash = connectionString.IndexOf('/', StringComparison.Ordinal);
        var hosts = (slash < 0 ? connectionString : connectionString[..slash]).Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (hosts.Length == 0)
        {
            return "it names no server; list every server, for example zk1:2181,zk2:2181,zk3:2181";
        }

        var found = ImmutableArray.CreateBuilder<NodeEndpoint>(hosts.Length);
        foreach (var host in hosts)
        {
            try
            {
                found.Add(NodeEndpoint.Parse(HasPort(host) ? host : string.Create(CultureInfo.InvariantCulture, $"{host}:{DefaultPort}")));
            }
            catch (FormatException exception)
            {
                return exception.Message;
            }
        }

        servers = found.ToImmutable();
        return null;
    }

    private static bool HasPort(string host) => host.StartsWith('[') ? host.Contains("]:", StringComparison.Ordinal) : host.Contains(':', StringComparison.Ordinal);
}
