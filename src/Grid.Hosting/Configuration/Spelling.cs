namespace Grid.Hosting;

/// <summary>Finds what somebody probably meant.</summary>
internal static class Spelling
{
    /// <summary>The known word nearest to a wrong one, or <see langword="null"/> when none is near.</summary>
    public static string? FindNearest(string wrong, IEnumerable<string> known)
    {
        var nearest = known
            .Select(word => (Word: word, Distance: GetDistance(wrong.ToUpperInvariant(), word.ToUpperInvariant())))
            .DefaultIfEmpty((Word: "", Distance: int.MaxValue))
            .MinBy(candidate => candidate.Distance);
        return nearest.Distance <= Math.Max(2, wrong.Length / 4) ? nearest.Word : null;
    }

    /// <summary>
    /// How many letters to insert, delete or replace to turn one word into the other; V. Levenshtein 1966, in the two-row form of
    /// R. Wagner and M. Fischer, "The String-to-String Correction Problem", 1974.
    /// </summary>
    internal static int GetDistance(string from, string to)
    {
        var above = Enumerable.Range(0, to.Length + 1).ToArray();
        var row = new int[to.Length + 1];
        for (var i = 1; i <= from.Length; i++)
        {
            row[0] = i;
            for (var j = 1; j <= to.Length; j++)
            {
                var replaced = above[j - 1] + (from[i - 1] == to[j - 1] ? 0 : 1);
                row[j] = Math.Min(replaced, Math.Min(above[j], row[j - 1]) + 1);
            }

            (above, row) = (row, above);
        }

        return above[to.Length];
    }
}
