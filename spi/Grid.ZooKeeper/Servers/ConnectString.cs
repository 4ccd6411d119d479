using System.Collections.Immutable;
using System.Globalization;

namespace Grid.ZooKeeper.Servers;

/// <summary>A parsed connection string: <c>host[:port],[ipv6]:port,...[/chroot]</c>.</summary>
internal sealed record ConnectString(ImmutableArray<ServerAddress> Servers, Chroot Chroot)
{
    public const int DefaultPort = 2181;
    private const int ServersMax = 1000;

    public static ConnectString Parse(string text)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            throw new FormatException("The connection string is empty; expected 'host:port,host:port/chroot'.");
        }

        var slash = text.IndexOf('/', StringComparison.Ordinal);
        var hosts = slash < 0 ? text : text[..slash];
        var servers = hosts.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(host => ParseServer(host, text)).ToImmutableArray();
        if (servers.IsEmpty || servers.Length > ServersMax)
        {
            throw new FormatException($"The connection string '{text}' names {servers.Length} servers; expected 1 to {ServersMax}.");
        }

        return new ConnectString(servers, ParseChroot(slash < 0 ? "" : text[slash..].Trim(), text));
    }

    private static Chroot ParseChroot(string chroot, string text)
    {
        try
        {
            return new Chroot(chroot);
        }
        catch (ArgumentException exception)
        {
            throw new FormatException($"The chroot of the connection string '{text}' is not valid: {exception.Message}", exception);
        }
    }

    private static ServerAddress ParseServer(string server, string text)
    {
        var (host, port) = server[0] == '[' ? SplitBracketed(server, text) : SplitPlain(server, text);
        if (port.Length == 0)
        {
            return new ServerAddress(host, DefaultPort);
        }

        return int.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is > 0 and <= 65535
            ? new ServerAddress(host, number)
            : throw new FormatException($"'{port}' in the connection string '{text}' is not a port (1 to 65535).");
    }

    private static (string Host, string Port) SplitBracketed(string server, string text)
    {
        var end = server.IndexOf(']', StringComparison.Ordinal);
        var hasPort = end > 1 && end + 2 < server.Length && server[end + 1] == ':';
        if (end <= 1 || (!hasPort && end != server.Length - 1))
        {
            throw new FormatException($"'{server}' in the connection string '{text}' is not '[address]' or '[address]:port'.");
        }

        return (server[1..end], hasPort ? server[(end + 2)..] : "");
    }

    private static (string Host, string Port) SplitPlain(string server, string text)
    {
        var colon = server.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0)
        {
            return (server, "");
        }

        if (colon == 0 || server.LastIndexOf(':') != colon || colon == server.Length - 1)
        {
            throw new FormatException($"'{server}' in the connection string '{text}' is not 'host:port'. An IPv6 address goes into brackets: '[::1]:2181'.");
        }

        return (server[..colon], server[(colon + 1)..]);
    }
}
