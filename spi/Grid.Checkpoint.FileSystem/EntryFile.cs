using System.Buffers.Binary;
using System.Security.Cryptography;
using Grid.Spi;

namespace Grid.Checkpoint.FileSystem;

/// <summary>
/// The file of one entry: its head, its key, its value, and the SHA-256 of all that. It is written beside and renamed, so that it is there whole or not at all. Whoever uses it holds the
/// lock of its folder.
/// </summary>
internal static class EntryFile
{
    /// <summary>The end of the names of entries.</summary>
    public const string Extension = ".ckpt";

    /// <summary>The end of the names of files that are being written.</summary>
    public const string UnfinishedExtension = ".tmp";

    /// <summary>
    /// The file of a key. Its name is a hash of the key, whatever characters that has: it has one length, is the same for every file system, and leads nowhere else.
    /// </summary>
    public static string NameOf(CheckpointKey key) => Convert.ToHexStringLower(SHA256.HashData(Encode(key)));

    /// <summary>Reads an entry; null when there is none, or when what is there is none that was written here.</summary>
    public static async Task<(EntryHead Head, byte[] Value)?> ReadAsync(string path, CheckpointKey key, CancellationToken ct)
    {
        byte[] bytes;
        try
        {
            bytes = await File.ReadAllBytesAsync(path, ct).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }

        return IsWhole(bytes, key, out var head) ? (head, bytes[(EntryHead.Size + head.KeyBytes)..^SHA256.HashSizeInBytes]) : null;
    }

    /// <summary>Puts an entry in place of the one that is there, on the disk before this completes.</summary>
    public static async Task WriteAsync(string path, CheckpointKey key, EntryHead head, ReadOnlyMemory<byte> value, CancellationToken ct)
    {
        var keyBytes = Encode(key);
        var bytes = new byte[EntryHead.Size + keyBytes.Length + value.Length + SHA256.HashSizeInBytes];
        (head with { KeyBytes = keyBytes.Length, ValueBytes = value.Length }).Write(bytes);
        keyBytes.CopyTo(bytes, EntryHead.Size);
        value.Span.CopyTo(bytes.AsSpan(EntryHead.Size + keyBytes.Length));
        SHA256.HashData(bytes.AsSpan(0, bytes.Length - SHA256.HashSizeInBytes), bytes.AsSpan(bytes.Length - SHA256.HashSizeInBytes));
        var unfinished = path + UnfinishedExtension;
        var file = new FileStream(unfinished, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0, useAsync: true);
        await using (file.ConfigureAwait(false))
        {
            await file.WriteAsync(bytes, ct).ConfigureAwait(false);
            file.Flush(flushToDisk: true);
        }

        File.Move(unfinished, path, overwrite: true);
    }

    /// <summary>When an entry has outlived its time; null when the file is no entry.</summary>
    public static DateTimeOffset? ReadDueAt(string path)
    {
        Span<byte> bytes = stackalloc byte[EntryHead.Size];
        using var file = File.OpenHandle(path);
        return RandomAccess.Read(file, bytes, 0) == bytes.Length && EntryHead.TryRead(bytes, out var head) ? head.DueAt : null;
    }

    private static bool IsWhole(byte[] bytes, CheckpointKey key, out EntryHead head)
    {
        if (!EntryHead.TryRead(bytes, out head) || bytes.Length != (long)EntryHead.Size + head.KeyBytes + head.ValueBytes + SHA256.HashSizeInBytes)
        {
            return false;
        }

        return bytes.AsSpan(EntryHead.Size, head.KeyBytes).SequenceEqual(Encode(key))
            && SHA256.HashData(bytes.AsSpan(0, bytes.Length - SHA256.HashSizeInBytes)).AsSpan().SequenceEqual(bytes.AsSpan(bytes.Length - SHA256.HashSizeInBytes));
    }

    // The length first, so that no two keys are written alike. Two bytes for every char, paired or not.
    private static byte[] Encode(CheckpointKey key)
    {
        var bytes = new byte[4 + (2 * (key.Scope.Length + key.Name.Length))];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, key.Scope.Length);
        var at = 4;
        foreach (var unit in key.Scope.Concat(key.Name))
        {
            BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(at), unit);
            at += 2;
        }

        return bytes;
    }
}
