using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace Grid.ZooKeeper;

/// <summary>The rules for paths: absolute, no trailing slash, no empty, "." or ".." part, no control, surrogate or private-use end characters.</summary>
public static class ZooKeeperPath
{
    /// <summary>U+0001 to U+001F, U+007F to U+009F, surrogates, U+F8FF and U+FFF0 to U+FFFF, as the server refuses them.</summary>
    private static readonly SearchValues<char> Refused = SearchValues.Create(RefusedCharacters());

    /// <summary>Checks a path before it is sent: the server's own answer to a bad one can mislead.</summary>
    /// <param name="path">The path.</param>
    /// <exception cref="ArgumentException">The path breaks a rule, which the message names.</exception>
    public static void ThrowIfInvalid([NotNull] string? path)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (FindFault(path) is { } fault)
        {
            throw new ArgumentException($"'{path}' is not a ZooKeeper path: {fault}.", nameof(path));
        }
    }

    /// <summary>Checks a path to be created; a sequential one may end with a slash, because the counter follows.</summary>
    internal static void ThrowIfInvalid([NotNull] string? path, CreateMode mode)
    {
        ArgumentNullException.ThrowIfNull(path);
        var isSequential = mode is CreateMode.PersistentSequential or CreateMode.EphemeralSequential or CreateMode.PersistentSequentialWithTtl;
        if (FindFault(isSequential ? path + "0" : path) is { } fault)
        {
            throw new ArgumentException($"'{path}' is not a ZooKeeper path: {fault}.", nameof(path));
        }
    }

    private static string? FindFault(string path)
    {
        if (path.Length == 0 || path[0] != '/')
        {
            return "it must start with a slash";
        }

        if (path.Length == 1)
        {
            return null;
        }

        if (path[^1] == '/')
        {
            return "it must not end with a slash";
        }

        if (path.AsSpan().ContainsAny(Refused))
        {
            return "it contains a character that ZooKeeper refuses (control, surrogate or private use)";
        }

        return HasBadPart(path) ? "it has an empty, '.' or '..' part" : null;
    }

    private static bool HasBadPart(string path)
    {
        foreach (var range in path.AsSpan(1).Split('/'))
        {
            if (path.AsSpan(1)[range] is "" or "." or "..")
            {
                return true;
            }
        }

        return false;
    }

    private static char[] RefusedCharacters() =>
        [.. Span('\u0000', '\u001f'), .. Span('\u007f', '\u009f'), .. Span('\ud800', '\uf8ff'), .. Span('\ufff0', '\uffff')];

    private static IEnumerable<char> Span(char first, char last) => Enumerable.Range(first, last - first + 1).Select(code => (char)code);
}
