using System.IO.Compression;
using System.Text;

namespace Grid.Deployment.Tests.Origin;

/// <summary>Writes a file in the form of a program that was published as a single file: version 6 of the bundle format.</summary>
internal static class SingleFile
{
    public static void Write(string path, params (string Name, byte[] Content, bool IsPacked)[] files)
    {
        using var file = File.Create(path);
        using var writer = new BinaryWriter(file, Encoding.UTF8);
        writer.Write(new byte[100_000]);
        var pointer = file.Position;
        writer.Write(0L);
        writer.Write(Convert.FromHexString("8b1202b96a612038727b930214d7a03213f5b9e6efae3318ee3b2dce24b36aae"));
        var entries = files.Select(entry => Append(writer, entry)).ToList();
        var header = file.Position;
        writer.Write(6u);
        writer.Write(0u);
        writer.Write(files.Length);
        writer.Write("bundle-id");
        writer.Write(new byte[40]);
        foreach (var (name, offset, bytes, packed) in entries)
        {
            writer.Write(offset);
            writer.Write(bytes);
            writer.Write(packed);
            writer.Write((byte)1);
            writer.Write(name);
        }

        writer.Flush();
        file.Position = pointer;
        writer.Write(header);
    }

    private static (string Name, long Offset, long Bytes, long Packed) Append(BinaryWriter writer, (string Name, byte[] Content, bool IsPacked) entry)
    {
        var offset = writer.BaseStream.Position;
        if (!entry.IsPacked)
        {
            writer.Write(entry.Content);
            return (entry.Name, offset, entry.Content.Length, 0);
        }

        using (var packer = new DeflateStream(writer.BaseStream, CompressionLevel.Optimal, leaveOpen: true))
        {
            packer.Write(entry.Content);
        }

        return (entry.Name, offset, entry.Content.Length, writer.BaseStream.Position - offset);
    }
}
