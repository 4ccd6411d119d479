using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace Grid.Discovery.Gossip;

/// <summary>Reads values of a configuration section and collects what is wrong with them.</summary>
internal sealed class SectionReader(IConfigurationSection section)
{
    private readonly List<string> _problems = [];

    public IReadOnlyList<string> Problems => _problems;

    public int Number(string key, int fallback)
    {
        if (section[key] is not { } text)
        {
            return fallback;
        }

        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value))
        {
            return value;
        }

        _problems.Add($"{section.Path}:{key} is '{text}'; expected a whole number");
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
