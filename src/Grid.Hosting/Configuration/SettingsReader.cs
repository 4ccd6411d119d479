using System.Collections.Immutable;
using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace Grid.Hosting;

/// <summary>
/// Reads typed values from a configuration section and collects everything that is wrong with it, unknown keys
/// included, instead of stopping at the first problem.
/// </summary>
internal sealed class SettingsReader
{
    private readonly IConfiguration _section;
    private readonly string _prefix;
    private readonly List<string> _problems = [];
    private readonly HashSet<string> _known = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<string> _open = [];

    public SettingsReader(IConfiguration section)
    {
        _section = section;
        _prefix = section is IConfigurationSection { Path: var path } ? path + ConfigurationPath.KeyDelimiter : "";
    }

    public IReadOnlyList<string> Problems => _problems;

    /// <summary>A key as the user writes it, from the root of the configuration.</summary>
    public string GetPath(string key) => _prefix + key;

    public void AddProblem(string key, string problem) => _problems.Add($"{GetPath(key)}: {problem}");

    /// <summary>Takes over problems that name their keys already.</summary>
    public void AddProblems(IEnumerable<string> problems) => _problems.AddRange(problems);

    public string ReadText(string key, string fallback, int charsMax)
    {
        var text = Read(key);
        if (text is { } && text.Length > charsMax)
        {
            AddProblem(key, $"the value has {text.Length} characters; at most {charsMax} are accepted.");
            return fallback;
        }

        return string.IsNullOrEmpty(text) ? fallback : text;
    }

    public string ReadRequired(string key, int charsMax, string accepted)
    {
        var text = ReadText(key, "", charsMax);
        if (string.IsNullOrWhiteSpace(text))
        {
            AddProblem(key, $"the value is missing. Accepted: {accepted}.");
        }

        return text;
    }

    public int ReadNumber(string key, int fallback, int least, int most, string remark = "")
    {
        var text = Read(key);
        if (string.IsNullOrEmpty(text))
        {
            return fallback;
        }

        if (int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) && value >= least && value <= most)
        {
            return value;
        }

        AddProblem(key, string.Create(CultureInfo.InvariantCulture, $"'{text}' is not accepted. Accepted: a whole number from {least} to {most}{remark}."));
        return fallback;
    }

    public long ReadBytes(string key, long fallback, long least, long most)
    {
        var text = Read(key);
        if (string.IsNullOrEmpty(text))
        {
            return fallback;
        }

        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value >= least && value <= most)
        {
            return value;
        }

        AddProblem(key, string.Create(CultureInfo.InvariantCulture, $"'{text}' is not accepted. Accepted: a number of bytes from {least} to {most}."));
        return fallback;
    }

    /// <summary>Reads a fraction up to 1; 0, for never, is always accepted.</summary>
    public double ReadFraction(string key, double fallback, double least)
    {
        var text = Read(key);
        if (string.IsNullOrEmpty(text))
        {
            return fallback;
        }

        if (double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value) && (value == 0 || (value >= least && value <= 1)))
        {
            return value;
        }

        AddProblem(key, string.Create(CultureInfo.InvariantCulture, $"'{text}' is not accepted. Accepted: a number from {least} to 1, or 0 for never."));
        return fallback;
    }

    public TimeSpan ReadDuration(string key, TimeSpan fallback, TimeSpan least, TimeSpan most)
    {
        var text = Read(key);
        if (string.IsNullOrEmpty(text))
        {
            return fallback;
        }

        // A bare number would be read as days: nobody means that.
        if (text.Contains(':', StringComparison.Ordinal) && TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var value) && value >= least && value <= most)
        {
            return value;
        }

        AddProblem(key, $"'{text}' is not accepted. Accepted: a duration from {least:c} to {most:c}, written hours:minutes:seconds, for example 00:00:20.");
        return fallback;
    }

    public NodeEndpoint? ReadEndpoint(string key, NodeEndpoint? fallback)
    {
        var text = Read(key);
        if (string.IsNullOrEmpty(text))
        {
            return fallback;
        }

        try
        {
            return NodeEndpoint.Parse(text);
        }
        catch (FormatException exception)
        {
            AddProblem(key, exception.Message);
            return fallback;
        }
    }

    public string ReadChoice(string key, string? fallback, IEnumerable<string> names)
    {
        var choices = names.Order(StringComparer.Ordinal).ToArray();
        var accepted = string.Join(" | ", choices);
        var text = Read(key);
        if (string.IsNullOrEmpty(text))
        {
            if (fallback is null)
            {
                AddProblem(key, $"the value is missing. Accepted: {accepted}.");
            }

            return fallback ?? "";
        }

        if (choices.FirstOrDefault(choice => choice.Equals(text, StringComparison.OrdinalIgnoreCase)) is { } chosen)
        {
            return chosen;
        }

        AddProblem(key, $"'{text}' is unknown.{Suggest(text, choices)} Accepted: {accepted}.");
        return "";
    }

    public bool ReadFlag(string key, bool fallback)
    {
        var text = Read(key);
        if (string.IsNullOrEmpty(text))
        {
            return fallback;
        }

        if (bool.TryParse(text, out var value))
        {
            return value;
        }

        AddProblem(key, $"'{text}' is not accepted. Accepted: true | false.");
        return fallback;
    }

    /// <summary>Reads a list: <c>Key:0</c>, <c>Key:1</c> and so on, in the order of their numbers. Each comes with its key.</summary>
    public IReadOnlyList<(string Key, string Value)> ReadList(string key)
    {
        LeaveOut(key);
        return [.. _section.GetSection(key).GetChildren().Where(child => !string.IsNullOrEmpty(child.Value)).Select(child => (ConfigurationPath.Combine(key, child.Key), child.Value!))];
    }

    /// <summary>Reads pairs whose keys are the user's own.</summary>
    public ImmutableSortedDictionary<string, string> ReadPairs(string key)
    {
        _open.Add(key + ConfigurationPath.KeyDelimiter);
        return _section.GetSection(key).AsEnumerable(makePathsRelative: true)
            .Where(pair => pair.Value is not null && pair.Key.Length > 0)
            .ToImmutableSortedDictionary(pair => pair.Key, pair => pair.Value!, StringComparer.Ordinal);
    }

    /// <summary>Leaves a part of the section to somebody else, who reads it under a reader of his own.</summary>
    public void LeaveOut(string key) => _open.Add(key + ConfigurationPath.KeyDelimiter);

    /// <summary>Reports every key that has a value and that nobody has read. Call it last.</summary>
    public void CheckUnknownKeys()
    {
        foreach (var (key, value) in _section.AsEnumerable(makePathsRelative: true).OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            if (value is not null && !_known.Contains(key) && !_open.Exists(open => key.StartsWith(open, StringComparison.OrdinalIgnoreCase)))
            {
                AddProblem(key, $"the key is unknown.{Suggest(key, _known)} Accepted: {ListKnownBeside(key)}.");
            }
        }
    }

    /// <summary>For a reader that stands alone: reports unknown keys too and throws if anything is wrong.</summary>
    /// <exception cref="GridConfigurationException">Lists every problem.</exception>
    public void ThrowIfProblems()
    {
        CheckUnknownKeys();
        if (_problems.Count > 0)
        {
            throw new GridConfigurationException(_problems);
        }
    }

    /// <summary>The keys of the same section; where there is no such section, the first level.</summary>
    private string ListKnownBeside(string key)
    {
        var known = _known.Concat(_open.Select(open => open + "*")).Order(StringComparer.Ordinal).ToList();
        var section = key[..(key.LastIndexOf(ConfigurationPath.KeyDelimiter, StringComparison.Ordinal) + 1)];
        var beside = known.Where(other => section.Length > 0 && other.StartsWith(section, StringComparison.OrdinalIgnoreCase)).ToList();
        return known.Count == 0 ? "none here" : string.Join(", ", beside.Count > 0 ? beside : known.Select(FirstLevel).Distinct(StringComparer.OrdinalIgnoreCase));
    }

    private static string FirstLevel(string key) => key.Split(ConfigurationPath.KeyDelimiter) is [var first, _, ..] ? $"{first}:*" : key;

    private static string Suggest(string wrong, IEnumerable<string> known) =>
        Spelling.FindNearest(wrong, known) is { } nearest ? $" Did you mean {nearest}?" : "";

    private string? Read(string key)
    {
        _known.Add(key);
        return _section[key];
    }
}
