using System.Globalization;

namespace Grid.Serialization;

/// <summary>Which build of a user assembly: 16 bytes that are equal only for equal code.</summary>
/// <param name="Value">The bytes, as a number.</param>
public readonly record struct ModuleId(UInt128 Value)
{
    /// <summary>How many bytes an id takes on the wire.</summary>
    public const int ByteCount = 16;

    // Two halves: code that touches a UInt128 is not compiled ahead of time, which would be all code that touches this.
    private readonly ulong _high = (ulong)(Value >> 64);
    private readonly ulong _low = (ulong)Value;

    /// <summary>The bytes, as a number.</summary>
    public UInt128 Value
    {
        get => new(_high, _low);
        init => (_high, _low) = ((ulong)(value >> 64), (ulong)value);
    }

    /// <summary>The id as 32 hexadecimal digits.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{_high:x16}{_low:x16}");
}
