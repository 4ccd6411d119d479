using System.Globalization;

namespace Grid;

/// <summary>
/// The identity of one node process: 128 random bits drawn when the process starts, so two runs of the same
/// program on the same address are two nodes. Written as 32 lower-case hexadecimal digits.
/// </summary>
/// <param name="Value">The 128 bits.</param>
public readonly record struct NodeId(UInt128 Value) : IComparable<NodeId>
{
    // Two halves: code that touches a UInt128 is not compiled ahead of time, which would be all code that touches this.
    private readonly ulong _high = (ulong)(Value >> 64);
    private readonly ulong _low = (ulong)Value;

    /// <summary>The 128 bits.</summary>
    public UInt128 Value
    {
        get => new(_high, _low);
        init => (_high, _low) = ((ulong)(value >> 64), (ulong)value);
    }

    /// <summary>Reads the form that <see cref="ToString"/> writes.</summary>
    /// <param name="text">32 hexadecimal digits, upper or lower case.</param>
    /// <returns>The identity.</returns>
    /// <exception cref="FormatException"><paramref name="text"/> is not 32 hexadecimal digits.</exception>
    public static NodeId Parse(string text) =>
        TryParse(text, out var id)
            ? id
            : throw new FormatException($"'{text}' is not a node id: expected 32 hexadecimal digits, for example '{new NodeId(255)}'.");

    /// <summary>Reads the form that <see cref="ToString"/> writes, without throwing.</summary>
    /// <param name="text">The text to read; may be <see langword="null"/>.</param>
    /// <param name="id">The identity, or the default value when the text is not one.</param>
    /// <returns>Whether <paramref name="text"/> is a node id.</returns>
    public static bool TryParse(string? text, out NodeId id)
    {
        id = default;
        if (text is not { Length: 32 }
            || !ulong.TryParse(text.AsSpan(0, 16), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var high)
            || !ulong.TryParse(text.AsSpan(16), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var low))
        {
            return false;
        }

        id = new NodeId(new UInt128(high, low));
        return true;
    }

    /// <inheritdoc/>
    public int CompareTo(NodeId other) => _high == other._high ? _low.CompareTo(other._low) : _high.CompareTo(other._high);

    /// <summary>The first 8 of the 32 digits: enough for logs and tables, not an identity.</summary>
    public string ToShortString() => ToString()[..8];

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{_high:x16}{_low:x16}");

    /// <summary>Orders by the numeric value of the 128 bits.</summary>
    public static bool operator <(NodeId left, NodeId right) => left.CompareTo(right) < 0;

    /// <inheritdoc cref="op_LessThan"/>
    public static bool operator >(NodeId left, NodeId right) => left.CompareTo(right) > 0;

    /// <inheritdoc cref="op_LessThan"/>
    public static bool operator <=(NodeId left, NodeId right) => left.CompareTo(right) <= 0;

    /// <inheritdoc cref="op_LessThan"/>
    public static bool operator >=(NodeId left, NodeId right) => left.CompareTo(right) >= 0;
}
