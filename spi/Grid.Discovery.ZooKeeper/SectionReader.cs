using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace Grid.Discovery.ZooKeeper;

/// <summary>Reads values of a configuration section and collects what is wrong with them.</summary>
internal sealed class SectionReader(IConfigurationSection section)
{
    private readonly List<string> _problems = [];

    public IReadOnlyList<string> Problems => _problems;

    public bool Bool(string key, bool fallback)
    {
        if (section[key] is not { } text)
        {
            return fallback;
        }

        if (bool.TryParse(text, out var value))
        {
            return value;
        }

        _problems.Add($"{section.Path}:{key} is '{text}'; expected true or false");
        return fallback;
    }

    public TimeSpan Time(string key, TimeSpan fallback)
    {
        if (section[key] is not { } text)
        {
            return fallback;
        }

        // A bare number would be taken for days.
        if (text.Contains(':', StringComparison.Ordinal) && TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var value))
        {
            return value;
        }

        _problems.Add($"{section.Path}:{key} is '{text}'; expected a time as hours:minutes:seconds, for example 00:00:10");
        return fallback;
    }
}
