using System.Collections.Immutable;

namespace Grid.Spi;

/// <summary>
/// How a client names a cluster in one line: <c>scheme://authority/path?key=value&amp;key=value</c>. Unlike in other URLs the authority may list
/// several addresses, separated by commas. Path and query are decoded from percent escapes.
/// </summary>
/// <param name="Scheme">Which discovery provider is meant, in lower case.</param>
/// <param name="Authority">Addresses, as they were written; may be empty.</param>
/// <param name="Path">What follows the authority, with its slash; may be empty.</param>
/// <param name="Query">The settings; keys are compared without case.</param>
public sealed record DiscoveryUrl(string Scheme, string Authority, string Path, ImmutableSortedDictionary<string, string> Query)
{
    private const int CharsMax = 8192;
    private static readonly System.Buffers.SearchValues<char> SchemeChars = System.Buffers.SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+-.");

    /// <summary>Reads a URL.</summary>
    /// <param name="text">The text to read.</param>
    /// <exception cref="FormatException">It is none; says what is wrong and how it is written.</exception>
    public static DiscoveryUrl Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Length > CharsMax)
        {
            throw new FormatException($"The cluster's URL has {text.Length} characters; at most {CharsMax} are accepted.");
        }

        var colon = text.IndexOf("://", StringComparison.Ordinal);
        if (colon <= 0 || text.AsSpan(0, colon).ContainsAnyExcept(SchemeChars))
        {
            throw new FormatException("The cluster's URL has no scheme. Write scheme://addresses/path?cluster=name, for example zookeeper://127.0.0.1:2181/grid?cluster=demo.");
        }

        var rest = text[(colon + 3)..];
        var mark = rest.IndexOf('?', StringComparison.Ordinal);
        var query = mark < 0 ? "" : rest[(mark + 1)..];
        rest = mark < 0 ? rest : rest[..mark];
        var slash = rest.IndexOf('/', StringComparison.Ordinal);
        return new DiscoveryUrl(
            text[..colon].ToLowerInvariant(),
            slash < 0 ? rest : rest[..slash],
            slash < 0 ? "" : Uri.UnescapeDataString(rest[slash..]),
            ParseQuery(query));
    }

    /// <summary>The URL without its query, which may hold secrets: for messages.</summary>
    public override string ToString() => $"{Scheme}://{Authority}{Path}";

    private static ImmutableSortedDictionary<string, string> ParseQuery(string query)
    {
        var pairs = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var part in query.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = part.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0)
            {
                throw new FormatException("A part of the query of the cluster's URL is not of the form key=value (it is not shown: it may be secret).");
            }

            var key = Uri.UnescapeDataString(part[..equals]);
            if (!pairs.TryAdd(key, Uri.UnescapeDataString(part[(equals + 1)..])))
            {
                throw new FormatException($"The query of the cluster's URL has the key {key} twice.");
            }
        }

        return pairs.ToImmutable();
    }
}
