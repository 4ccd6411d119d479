using System.Collections.Frozen;
using System.IO.Compression;
using System.Text;

namespace Grid.Kernel.Deployment.Origin;

/// <summary>
/// The assemblies inside the executable of a program that was published as a single file. The format is that of the platform's host (the design note
/// "Single-file bundler" of dotnet/designs, and <c>src/native/corehost/bundle</c> in dotnet/runtime): a marker in the executable points to a header that lists
/// the files.
/// </summary>
internal sealed class AppBundle
{
    private const int EntriesMax = 65_536;
    private const int NewestVersion = 6;

    private static readonly Lazy<AppBundle?> OfProcess = new(() => Environment.ProcessPath is { } path ? TryOpen(path) : null);

    private readonly string _path;
    private readonly FrozenDictionary<string, Entry> _entries;

    private AppBundle(string path, Dictionary<string, Entry> entries)
    {
        _path = path;
        _entries = entries.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>The bundle that this process was started from, or null when it is not a single file.</summary>
    public static AppBundle? Current => OfProcess.Value;

    public IEnumerable<string> Paths => _entries.Keys;

    /// <summary>What stands behind the header's position in every host. Written in two halves, so that this assembly does not contain it.</summary>
    private static ReadOnlySpan<byte> MarkerStart => [0x8b, 0x12, 0x02, 0xb9, 0x6a, 0x61, 0x20, 0x38, 0x72, 0x7b, 0x93, 0x02, 0x14, 0xd7, 0xa0, 0x32];

    private static ReadOnlySpan<byte> MarkerEnd => [0x13, 0xf5, 0xb9, 0xe6, 0xef, 0xae, 0x33, 0x18, 0xee, 0x3b, 0x2d, 0xce, 0x24, 0xb3, 0x6a, 0xae];

    /// <summary>A file of the bundle, or null.</summary>
    public CodeSource? Find(string path) =>
        _entries.TryGetValue(path, out var entry) ? new CodeSource($"{path} in {_path}", () => Read(entry)) : null;

    /// <summary>Opens a bundle, or returns null when the file is none that this version understands.</summary>
    public static AppBundle? TryOpen(string path)
    {
        try
        {
            using var file = File.OpenRead(path);
            return FindHeader(file) is > 0 and var header && header < file.Length ? ReadHeader(path, file, header) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException)
        {
            return null;
        }
    }

    private static long FindHeader(FileStream file)
    {
        var overlap = 8 + MarkerStart.Length + MarkerEnd.Length;
        var buffer = new byte[(1 << 20) + overlap];
        Span<byte> marker = [.. MarkerStart, .. MarkerEnd];
        var kept = 0;
        int read;
        while ((read = file.Read(buffer, kept, buffer.Length - kept)) > 0)
        {
            var filled = buffer.AsSpan(0, kept + read);
            var found = filled.IndexOf(marker);
            if (found >= 8)
            {
                return BitConverter.ToInt64(filled[(found - 8)..]);
            }

            kept = Math.Min(overlap, filled.Length);
            filled[^kept..].CopyTo(buffer);
        }

        return 0;
    }

    private static AppBundle? ReadHeader(string path, FileStream file, long header)
    {
        file.Position = header;
        using var reader = new BinaryReader(file, Encoding.UTF8);
        var version = reader.ReadUInt32();
        reader.ReadUInt32();
        var count = reader.ReadInt32();
        if (version is < 2 or > NewestVersion || count is < 0 or > EntriesMax)
        {
            return null;
        }

        reader.ReadString();

        // Where two of the files are, which are listed as well, and flags.
        reader.ReadBytes((4 * sizeof(long)) + sizeof(ulong));
        var entries = new Dictionary<string, Entry>(StringComparer.OrdinalIgnoreCase);
        for (var i = 0; i < count; i++)
        {
            var entry = new Entry(reader.ReadInt64(), reader.ReadInt64(), version >= 6 ? reader.ReadInt64() : 0);
            reader.ReadByte();
            entries[reader.ReadString().Replace('\\', '/')] = entry;
        }

        return new AppBundle(path, entries);
    }

    private byte[] Read(Entry entry)
    {
        using var file = File.OpenRead(_path);
        file.Position = entry.Offset;
        var content = new byte[checked((int)entry.Bytes)];
        if (entry.CompressedBytes == 0)
        {
            file.ReadExactly(content);
        }
        else
        {
            using var unpacked = new DeflateStream(file, CompressionMode.Decompress);
            unpacked.ReadExactly(content);
        }

        return content;
    }

    private readonly record struct Entry(long Offset, long Bytes, long CompressedBytes);
}
