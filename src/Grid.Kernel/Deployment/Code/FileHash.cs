using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using Grid.Serialization;

namespace Grid.Kernel.Deployment.Code;

/// <summary>The SHA-256 of a file of code.</summary>
/// <param name="High">The first 16 bytes as a number.</param>
/// <param name="Low">The other 16.</param>
internal readonly record struct FileHash(UInt128 High, UInt128 Low)
{
    public const int Size = 32;

    /// <summary>What payloads call the file when it is an assembly.</summary>
    public ModuleId Module => new(High);

    public static FileHash Of(ReadOnlySpan<byte> content)
    {
        Span<byte> bytes = stackalloc byte[Size];
        SHA256.HashData(content, bytes);
        return Read(bytes);
    }

    public static FileHash Read(ReadOnlySpan<byte> source) =>
        new(BinaryPrimitives.ReadUInt128BigEndian(source), BinaryPrimitives.ReadUInt128BigEndian(source[16..]));

    public void Write(Span<byte> target)
    {
        BinaryPrimitives.WriteUInt128BigEndian(target, High);
        BinaryPrimitives.WriteUInt128BigEndian(target[16..], Low);
    }

    /// <summary>64 hexadecimal digits.</summary>
    public override string ToString() => High.ToString("x32", CultureInfo.InvariantCulture) + Low.ToString("x32", CultureInfo.InvariantCulture);

    /// <summary>The first twelve digits: enough to tell files apart in a log.</summary>
    public string ToShortString() => ToString()[..12];
}
