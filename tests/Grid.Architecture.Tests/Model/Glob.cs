using System.Text.RegularExpressions;

namespace Grid.Architecture.Tests.Model;

/// <summary>Names with <c>*</c> for any run of characters, as the arrow table writes them.</summary>
internal static class Glob
{
    public static bool MatchesAny(this string name, IEnumerable<string> patterns) => patterns.Any(name.Matches);

    public static bool Matches(this string name, string pattern) =>
        Regex.IsMatch(name, "^" + Regex.Escape(pattern).Replace("\\*", ".*", StringComparison.Ordinal) + "$", RegexOptions.CultureInvariant);
}
