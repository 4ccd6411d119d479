using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using Grid.Serialization;

namespace Grid.Kernel.Deployment.Code;

/// <summary>The SHA-256 of a file of code.</summary>
/// <param name="First">The first 8 bytes as a number.</param>
/// <param name="Second">The next 8.</param>
/// <param name="Third">The next 8.</param>
/// <param name="Fourth">The last 8.</param>
internal readonly record struct FileHash(ulong First, ulong Second, ulong Third, ulong Fourth)
{
    public const int Size = 32;

    /// <summary>The first 16 bytes as a number.</summary>
    public UInt128 High => new(First, Second);

    /// <summary>What payloads call the file when it is an assembly.</summary>
    public ModuleId Module => new(High);

    public static FileHash Of(ReadOnlySpan<byte> content)
    {
        Span<byte> bytes = stackalloc byte[Size];
        SHA256.HashData(content, bytes);
        return Read(bytes);
    }

    public static FileHash Read(ReadOnlySpan<byte> source) =>
        new(
            BinaryPrimitives.ReadUInt64BigEndian(source),
            BinaryPrimitives.ReadUInt64BigEndian(source[8..]),
            BinaryPrimitives.ReadUInt64BigEndian(source[16..]),
            BinaryPrimitives.ReadUInt64BigEndian(source[24..]));

    public void Write(Span<byte> target)
    {
        BinaryPrimitives.WriteUInt64BigEndian(target, First);
        BinaryPrimitives.WriteUInt64BigEndian(target[8..], Second);
        BinaryPrimitives.WriteUInt64BigEndian(target[16..], Third);
        BinaryPrimitives.WriteUInt64BigEndian(target[24..], Fourth);
    }

    /// <summary>64 hexadecimal digits.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{First:x16}{Second:x16}{Third:x16}{Fourth:x16}");

    /// <summary>The first twelve digits: enough to tell files apart in a log.</summary>
    public string ToShortString() => ToString()[..12];
}
