using System.Globalization;

namespace Grid;

/// <summary>
/// The identity of a cluster, drawn once by whoever created it in the registry. Every handshake carries it, so that
/// nodes of two clusters that were given the same name, or of one that was wiped and made anew, never exchange work.
/// </summary>
/// <param name="Value">128 random bits.</param>
public readonly record struct ClusterId(UInt128 Value)
{
    // Two halves: code that touches a UInt128 is not compiled ahead of time, which would be all code that touches this.
    private readonly ulong _high = (ulong)(Value >> 64);
    private readonly ulong _low = (ulong)Value;

    /// <summary>128 random bits.</summary>
    public UInt128 Value
    {
        get => new(_high, _low);
        init => (_high, _low) = ((ulong)(value >> 64), (ulong)value);
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{_high:x16}{_low:x16}");
}
