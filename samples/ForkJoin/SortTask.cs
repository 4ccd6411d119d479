namespace Grid.Samples.ForkJoin;

/// <summary>
/// Merge sort. Each task owns its words and returns them sorted in an array of their own, so it does not matter on which node it runs.
/// </summary>
/// <param name="words">What to sort, by ordinals; not changed.</param>
internal sealed class SortTask(string[] words) : ForkJoinTask<string[]>
{
    // Below this a task costs more than it spreads.
    private const int SequentialMax = 2048;

    protected override string[] Compute()
    {
        if (words.Length <= SequentialMax)
        {
            var sorted = words.ToArray();
            Array.Sort(sorted, StringComparer.Ordinal);
            return sorted;
        }

        var middle = words.Length / 2;
        var left = new SortTask(words[..middle]);
        left.Fork();
        var right = new SortTask(words[middle..]).Invoke();
        return Merge(left.Join(), right);
    }

    private static string[] Merge(string[] left, string[] right)
    {
        var merged = new string[left.Length + right.Length];
        for (int to = 0, fromLeft = 0, fromRight = 0; to < merged.Length; to++)
        {
            var takesLeft = fromRight == right.Length || (fromLeft < left.Length && string.CompareOrdinal(left[fromLeft], right[fromRight]) <= 0);
            merged[to] = takesLeft ? left[fromLeft++] : right[fromRight++];
        }

        return merged;
    }
}
