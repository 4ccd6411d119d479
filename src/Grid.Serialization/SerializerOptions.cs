namespace Grid.Serialization;

/// <summary>
/// Limits of what is written and read. Both sides check: a writer refuses with <see cref="NotShippableException"/>, a reader, before it
/// allocates, with <see cref="MalformedPayloadException"/>. Checked when the serializer is made and unchanged afterwards.
/// </summary>
public sealed class SerializerOptions
{
    /// <summary>
    /// How many objects may be nested in each other. Default 2,000, range 8 to 100,000. Each level takes about 400 bytes of stack; when the
    /// stack is shorter than the limit allows for, the refusal is the same, never a crash.
    /// </summary>
    public int DepthMax { get; init; } = 2_000;

    /// <summary>The length of one payload in bytes. Default 256 MiB, range 64 bytes to 2,000,000,000.</summary>
    public int PayloadBytesMax { get; init; } = 256 * 1024 * 1024;

    /// <summary>The length of one string in UTF-16 units. Default 64 Mi, range 16 to 1,000,000,000.</summary>
    public int StringLengthMax { get; init; } = 64 * 1024 * 1024;

    /// <summary>The number of elements of one array or collection. Default 64 Mi, range 16 to 2,000,000,000.</summary>
    public int ArrayLengthMax { get; init; } = 64 * 1024 * 1024;

    /// <summary>The number of objects with an identity (instances of classes, arrays, collections) in one payload. Default 16 Mi, range 16 to 1,000,000,000.</summary>
    public int ObjectsMax { get; init; } = 16 * 1024 * 1024;

    /// <summary>The number of distinct types, and of distinct user modules, that one payload may name. Default 4,096, range 16 to 65,536.</summary>
    public int TypesMax { get; init; } = 4_096;

    internal void Validate()
    {
        Check(nameof(DepthMax), DepthMax, 8, 100_000);
        Check(nameof(PayloadBytesMax), PayloadBytesMax, 64, 2_000_000_000);
        Check(nameof(StringLengthMax), StringLengthMax, 16, 1_000_000_000);
        Check(nameof(ArrayLengthMax), ArrayLengthMax, 16, 2_000_000_000);
        Check(nameof(ObjectsMax), ObjectsMax, 16, 1_000_000_000);
        Check(nameof(TypesMax), TypesMax, 16, 65_536);
    }

    private static void Check(string name, int value, int min, int max)
    {
        if (value < min || value > max)
        {
            throw new ArgumentOutOfRangeException(name, value, $"SerializerOptions.{name} must be between {min} and {max}.");
        }
    }
}
