namespace Grid.Serialization;

/// <summary>Types of MessagePack extensions that this format uses. The README's table describes their content; numbers are never reused.</summary>
internal static class ExtensionCode
{
    public const sbyte Timestamp = -1;
    public const sbyte Modules = 1;
    public const sbyte Reference = 2;
    public const sbyte TypeIndex = 3;
    public const sbyte TypeDefinition = 4;
    public const sbyte Method = 5;
    public const sbyte Utf16String = 6;
    public const sbyte LocalTime = 7;
    public const sbyte TypeValue = 8;
    public const sbyte Comparers = 9;

    /// <summary>Blocks of primitives: this plus the element's <see cref="TypeCode"/>; little-endian.</summary>
    public const sbyte FirstBlock = 32;
}
