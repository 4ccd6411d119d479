using System.Collections.Immutable;
using System.Globalization;

namespace Grid;

/// <summary>
/// Amounts of named resources, such as one <c>gpu</c> and two <c>license</c>: what a node has, or what a job needs while it runs. What a name stands for is agreed between
/// those who configure nodes and those who submit jobs; Grid counts. Amounts are whole: to share one device, count it in thousandths. Immutable; two are equal when they hold the same amounts.
/// </summary>
public sealed class ResourceAmounts : IEquatable<ResourceAmounts>
{
    /// <summary>How many resources one set may name.</summary>
    public const int CountMax = 16;

    /// <summary>How long a name may be, in characters.</summary>
    public const int NameCharsMax = 64;

    /// <summary>The greatest amount of one resource.</summary>
    public const int AmountMax = 1_000_000_000;

    private readonly ImmutableArray<KeyValuePair<string, int>> _sorted;

    private ResourceAmounts(ImmutableArray<KeyValuePair<string, int>> sorted) => _sorted = sorted;

    /// <summary>Nothing.</summary>
    public static ResourceAmounts None { get; } = new([]);

    /// <summary>How many resources are named.</summary>
    public int Count => _sorted.Length;

    /// <summary>The amounts by name, in the order of the names.</summary>
    public ImmutableArray<KeyValuePair<string, int>> Items => _sorted;

    /// <summary>The amount of a resource; 0 when it is not named here.</summary>
    /// <param name="name">The resource; names are compared ordinally.</param>
    public int this[string name]
    {
        get
        {
            foreach (var (key, amount) in _sorted)
            {
                if (string.Equals(key, name, StringComparison.Ordinal))
                {
                    return amount;
                }
            }

            return 0;
        }
    }

    /// <summary>Makes a set of amounts.</summary>
    /// <param name="amounts">At most <see cref="CountMax"/>; names of letters, digits, <c>-</c>, <c>_</c> and <c>.</c>, each once; amounts from 1 to <see cref="AmountMax"/>.</param>
    /// <exception cref="ArgumentException">A name or an amount is not accepted; says which.</exception>
    public static ResourceAmounts Of(params ReadOnlySpan<(string Name, int Amount)> amounts)
    {
        var named = new KeyValuePair<string, int>[amounts.Length];
        for (var index = 0; index < amounts.Length; index++)
        {
            named[index] = new(amounts[index].Name, amounts[index].Amount);
        }

        return From(named);
    }

    /// <inheritdoc cref="Of"/>
    public static ResourceAmounts From(IEnumerable<KeyValuePair<string, int>> amounts)
    {
        ArgumentNullException.ThrowIfNull(amounts);
        var sorted = Sort(amounts);
        return Problem(sorted) is { } problem ? throw new ArgumentException(problem) : sorted.IsEmpty ? None : new ResourceAmounts(sorted);
    }

    /// <summary>Makes a set of amounts that came from elsewhere.</summary>
    /// <returns>False when a name or an amount is not accepted.</returns>
    internal static bool TryFrom(IEnumerable<KeyValuePair<string, int>> amounts, out ResourceAmounts made)
    {
        var sorted = Sort(amounts);
        var isAccepted = Problem(sorted) is null;
        made = isAccepted && !sorted.IsEmpty ? new ResourceAmounts(sorted) : None;
        return isAccepted;
    }

    /// <inheritdoc/>
    public bool Equals(ResourceAmounts? other) =>
        ReferenceEquals(this, other) || (other is not null && _sorted.AsSpan().SequenceEqual(other._sorted.AsSpan()));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as ResourceAmounts);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        // Not kept: it differs between processes, and this travels in what jobs capture.
        var hash = default(HashCode);
        foreach (var (name, amount) in _sorted)
        {
            hash.Add(name, StringComparer.Ordinal);
            hash.Add(amount);
        }

        return hash.ToHashCode();
    }

    /// <summary>Enumerates without allocating, in the order of the names.</summary>
    public ImmutableArray<KeyValuePair<string, int>>.Enumerator GetEnumerator() => _sorted.GetEnumerator();

    /// <summary>The amounts with their names: <c>1 gpu, 2 license</c>.</summary>
    public override string ToString() => string.Join(", ", _sorted.Select(pair => string.Create(CultureInfo.InvariantCulture, $"{pair.Value} {pair.Key}")));

    private static ImmutableArray<KeyValuePair<string, int>> Sort(IEnumerable<KeyValuePair<string, int>> amounts) =>
        [.. amounts.OrderBy(pair => pair.Key, StringComparer.Ordinal)];

    private static string? Problem(ImmutableArray<KeyValuePair<string, int>> sorted)
    {
        if (sorted.Length > CountMax)
        {
            return $"{sorted.Length} resources are named; at most {CountMax} are accepted.";
        }

        for (var index = 0; index < sorted.Length; index++)
        {
            var (name, amount) = sorted[index];
            if (string.IsNullOrEmpty(name) || name.Length > NameCharsMax || !name.All(IsAccepted))
            {
                return $"'{name}' is not a name of a resource. Accepted: 1 to {NameCharsMax} letters, digits, '-', '_' and '.'.";
            }

            if (amount is < 1 or > AmountMax)
            {
                return $"{amount} is not an amount of {name}. Accepted: a whole number from 1 to {AmountMax}.";
            }

            if (index > 0 && string.Equals(sorted[index - 1].Key, name, StringComparison.Ordinal))
            {
                return $"{name} is named twice. Add the amounts up.";
            }
        }

        return null;
    }

    private static bool IsAccepted(char unit) => char.IsAsciiLetterOrDigit(unit) || unit is '-' or '_' or '.';
}
