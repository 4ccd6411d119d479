using System.Buffers.Binary;
using Grid.Kernel.Deployment.Code;

namespace Grid.Kernel.Deployment.Wire;

/// <summary>Asks for a piece of a manifest or of a file: 42 bytes, little-endian after the hash.</summary>
/// <param name="Set">The set whose manifest is wanted; none when a file is.</param>
/// <param name="File">The file that is wanted.</param>
/// <param name="Offset">Where the piece begins.</param>
/// <param name="Count">How long it is at most: 1 to <see cref="PieceBytesMax"/>.</param>
internal readonly record struct CodeRequest(CodeSetId Set, FileHash File, int Offset, int Count)
{
    /// <summary>The kind of the message: a request, on the bulk lane. Its answer is a <see cref="CodeReply"/>.</summary>
    public const byte Kind = 32;

    public const int Size = 1 + 1 + FileHash.Size + 4 + 4;

    /// <summary>The most that one answer carries.</summary>
    public const int PieceBytesMax = 512 * 1024;

    private const byte Version = 1;

    public static bool TryRead(ReadOnlySpan<byte> source, out CodeRequest request)
    {
        request = default;
        if (source.Length != Size || source[0] != Version || source[1] > 1)
        {
            return false;
        }

        var hash = FileHash.Read(source[2..]);
        var offset = BinaryPrimitives.ReadInt32LittleEndian(source[(2 + FileHash.Size)..]);
        var count = BinaryPrimitives.ReadInt32LittleEndian(source[(6 + FileHash.Size)..]);
        request = source[1] == 0 ? new CodeRequest(new CodeSetId(hash.High), default, offset, count) : new CodeRequest(default, hash, offset, count);
        return offset >= 0 && count is >= 1 and <= PieceBytesMax && (request.Set.IsNone || hash is { Third: 0, Fourth: 0 });
    }

    public byte[] ToBytes()
    {
        var bytes = new byte[Size];
        bytes[0] = Version;
        bytes[1] = Set.IsNone ? (byte)1 : (byte)0;
        (Set.IsNone ? File : new FileHash((ulong)(Set.Value >> 64), (ulong)Set.Value, 0, 0)).Write(bytes.AsSpan(2));
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(2 + FileHash.Size), Offset);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(6 + FileHash.Size), Count);
        return bytes;
    }

    public override string ToString() => Set.IsNone ? $"file {File.ToShortString()}" : $"manifest {Set}";
}
