using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace Grid.Discovery;

/// <summary>Reads values of a provider's configuration section and collects what is wrong with them, to be thrown as one <see cref="GridConfigurationException"/>. One thread.</summary>
/// <param name="section">The section.</param>
public sealed class SectionReader(IConfigurationSection section)
{
    private readonly List<string> _problems = [];

    /// <summary>What is wrong with the values read so far, one sentence each.</summary>
    public IReadOnlyList<string> Problems => _problems;

    /// <summary>Reads <c>true</c> or <c>false</c>.</summary>
    /// <param name="key">The key in the section.</param>
    /// <param name="fallback">Taken when the key is absent or its value wrong.</param>
    /// <returns>The value.</returns>
    public bool ReadBool(string key, bool fallback) =>
        section[key] is not { } text ? fallback : bool.TryParse(text, out var value) ? value : Refuse(key, text, "true or false", fallback);

    /// <summary>Reads a whole number without a sign.</summary>
    /// <inheritdoc cref="ReadBool"/>
    public int ReadNumber(string key, int fallback) =>
        section[key] is not { } text ? fallback
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : Refuse(key, text, "a whole number", fallback);

    /// <summary>Reads a time with colons: a bare number would be taken for days.</summary>
    /// <inheritdoc cref="ReadBool"/>
    public TimeSpan ReadTime(string key, TimeSpan fallback) =>
        section[key] is not { } text ? fallback
        : text.Contains(':', StringComparison.Ordinal) && TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var value) ? value
        : Refuse(key, text, "a time as hours:minutes:seconds, for example 00:00:10", fallback);

    private T Refuse<T>(string key, string text, string expected, T fallback)
    {
        _problems.Add($"{section.Path}:{key} is '{text}'; expected {expected}");
        return fallback;
    }
}
