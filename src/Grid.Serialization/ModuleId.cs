namespace Grid.Serialization;

/// <summary>Which build of a user assembly: 16 bytes that are equal only for equal code.</summary>
/// <param name="Value">The bytes, as a number.</param>
public readonly record struct ModuleId(UInt128 Value)
{
    /// <summary>How many bytes an id takes on the wire.</summary>
    public const int ByteCount = 16;

    /// <summary>The id as 32 hexadecimal digits.</summary>
    public override string ToString() => Value.ToString("x32", System.Globalization.CultureInfo.InvariantCulture);
}
