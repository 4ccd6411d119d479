using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Text;

namespace Grid.Kernel.Deployment.Code;

/// <summary>
/// The bytes of a manifest: <c>GRM1</c>, the number of files in 2 bytes, and for each its kind in 1, its length in 4, its hash in 32, and four texts, each with its
/// length in UTF-8 in 2 bytes. All numbers are little-endian.
/// </summary>
internal static class ManifestFormat
{
    /// <summary>The longest text.</summary>
    public const int TextBytesMax = 1024;

    private const int FixedBytes = 1 + 4 + FileHash.Size;

    private static ReadOnlySpan<byte> Magic => "GRM1"u8;

    public static byte[] Write(ImmutableArray<CodeFile> files)
    {
        var output = new MemoryStream();
        output.Write(Magic);
        WriteNumber(output, files.Length);
        Span<byte> fixedPart = stackalloc byte[FixedBytes];
        foreach (var file in files)
        {
            fixedPart[0] = (byte)file.Kind;
            BinaryPrimitives.WriteInt32LittleEndian(fixedPart[1..], file.Bytes);
            file.Hash.Write(fixedPart[5..]);
            output.Write(fixedPart);
            WriteText(output, file.Path);
            WriteText(output, file.Name);
            WriteText(output, file.Version);
            WriteText(output, file.Qualifier);
        }

        return output.ToArray();
    }

    public static bool TryRead(ReadOnlySpan<byte> source, DeploymentOptions limits, out ImmutableArray<CodeFile> files)
    {
        files = [];
        if (source.Length < Magic.Length + 2 || !source.StartsWith(Magic))
        {
            return false;
        }

        var count = BinaryPrimitives.ReadUInt16LittleEndian(source[Magic.Length..]);
        var rest = source[(Magic.Length + 2)..];
        if (count > limits.SetFilesMax || rest.Length < count * (FixedBytes + 8))
        {
            return false;
        }

        var read = ImmutableArray.CreateBuilder<CodeFile>(count);
        for (var i = 0; i < count; i++)
        {
            if (!TryReadFile(ref rest, out var file) || (i > 0 && string.CompareOrdinal(read[i - 1].Path, file.Path) >= 0))
            {
                return false;
            }

            read.Add(file);
        }

        files = read.MoveToImmutable();
        return rest.IsEmpty;
    }

    private static bool TryReadFile(ref ReadOnlySpan<byte> rest, out CodeFile file)
    {
        file = null!;
        if (rest.Length < FixedBytes || rest[0] is < (byte)CodeFileKind.Assembly or > (byte)CodeFileKind.Native)
        {
            return false;
        }

        var kind = (CodeFileKind)rest[0];
        var bytes = BinaryPrimitives.ReadInt32LittleEndian(rest[1..]);
        var hash = FileHash.Read(rest[5..]);
        rest = rest[FixedBytes..];
        if (bytes < 0 || !TryReadText(ref rest, out var path) || !TryReadText(ref rest, out var name)
            || !TryReadText(ref rest, out var version) || !TryReadText(ref rest, out var qualifier))
        {
            return false;
        }

        file = new CodeFile(kind, path, name, version, qualifier, bytes, hash);
        return true;
    }

    private static bool TryReadText(ref ReadOnlySpan<byte> rest, out string text)
    {
        text = "";
        if (rest.Length < 2)
        {
            return false;
        }

        var length = BinaryPrimitives.ReadUInt16LittleEndian(rest);
        if (length > TextBytesMax || length > rest.Length - 2)
        {
            return false;
        }

        text = Encoding.UTF8.GetString(rest.Slice(2, length));
        rest = rest[(2 + length)..];
        return true;
    }

    private static void WriteText(MemoryStream output, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        if (bytes.Length > TextBytesMax)
        {
            throw new CodeShippingException($"The name '{text[..40]}...' of a file of code takes {bytes.Length} bytes; at most {TextBytesMax} can be shipped.");
        }

        WriteNumber(output, bytes.Length);
        output.Write(bytes);
    }

    private static void WriteNumber(MemoryStream output, int number)
    {
        if (number > ushort.MaxValue)
        {
            throw new CodeShippingException($"A job needs {number} files of code; at most {ushort.MaxValue} can be shipped.");
        }

        output.WriteByte((byte)number);
        output.WriteByte((byte)(number >> 8));
    }
}
