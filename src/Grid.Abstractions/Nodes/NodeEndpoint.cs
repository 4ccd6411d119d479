using System.Globalization;

namespace Grid;

/// <summary>An address at which a node accepts links: a host name or IP address, and a port.</summary>
/// <param name="Host">A host name, an IPv4 address or an IPv6 address without brackets (a zone such as <c>%eth0</c> may follow).</param>
/// <param name="Port">0 to 65,535; 0 asks a listener to choose.</param>
public sealed record NodeEndpoint(string Host, int Port)
{
    /// <summary>Reads <c>host:port</c>, <c>1.2.3.4:port</c> or <c>[ipv6]:port</c>.</summary>
    /// <param name="text">The text to read.</param>
    /// <returns>The endpoint.</returns>
    /// <exception cref="FormatException">The text has no port, a port out of range, or an IPv6 address without brackets.</exception>
    public static NodeEndpoint Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var colon = text.LastIndexOf(':');
        if (colon <= 0 || !int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port) || port > 65535)
        {
            throw Malformed(text, "the port is missing or is not a number from 0 to 65535");
        }

        var host = text[..colon];
        if (host.StartsWith('['))
        {
            return host.EndsWith(']') && host.Length > 2
                ? new NodeEndpoint(host[1..^1], port)
                : throw Malformed(text, "the bracket of the IPv6 address is not closed");
        }

        return host.Contains(':', StringComparison.Ordinal)
            ? throw Malformed(text, "an IPv6 address is written in brackets")
            : new NodeEndpoint(host, port);
    }

    /// <inheritdoc/>
    public override string ToString() => Host.Contains(':', StringComparison.Ordinal)
        ? string.Create(CultureInfo.InvariantCulture, $"[{Host}]:{Port}")
        : string.Create(CultureInfo.InvariantCulture, $"{Host}:{Port}");

    private static FormatException Malformed(string text, string why) =>
        new($"'{text}' is not an endpoint: {why}. Write host:port, for example 127.0.0.1:47100 or [::1]:47100.");
}
