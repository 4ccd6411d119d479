using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using Grid.Samples.Mandelbrot;

namespace Grid.Samples.Tests.Mandelbrot;

public sealed class RenderingTests
{
    private static readonly View Whole = new(Width: 60, Height: 40, CenterX: -0.5, CenterY: 0, Span: 2.5, Iterations: 200);

    [Theory]
    [InlineData(64, 64, 64)]
    [InlineData(100, 70, 32)]
    [InlineData(5, 3, 64)]
    public void Tiles_cover_each_pixel_once(int width, int height, int size)
    {
        var painted = new int[width * height];
        foreach (var tile in Tile.Cover(width, height, size))
        {
            for (var i = 0; i < tile.Width * tile.Height; i++)
            {
                painted[((tile.Y + (i / tile.Width)) * width) + tile.X + (i % tile.Width)]++;
            }
        }

        Assert.All(painted, times => Assert.Equal(1, times));
    }

    [Fact]
    public void The_middle_belongs_to_the_set_and_the_corners_escape()
    {
        var levels = Whole.Render(new Tile(0, 0, Whole.Width, Whole.Height));

        Assert.Equal(0, levels[(20 * 60) + 30]);
        Assert.InRange(levels[0], 0.5f, 5f);
        Assert.InRange(levels[^1], 0.5f, 5f);
    }

    [Fact]
    public void The_picture_is_symmetric_about_the_real_axis()
    {
        var levels = Whole.Render(new Tile(0, 0, Whole.Width, Whole.Height));

        var mirrored = levels.Chunk(Whole.Width).Reverse().SelectMany(row => row);

        Assert.All(levels.Zip(mirrored), pair => Assert.Equal(pair.First, pair.Second, tolerance: 1e-3f));
    }

    [Fact]
    public void A_tile_is_the_same_alone_as_in_the_whole()
    {
        var whole = Whole.Render(new Tile(0, 0, Whole.Width, Whole.Height));

        var tile = Whole.Render(new Tile(10, 20, 7, 5));

        Assert.Equal([.. Enumerable.Range(20, 5).SelectMany(row => whole.Skip((row * Whole.Width) + 10).Take(7))], tile);
    }

    [Fact]
    public void The_png_holds_the_pixels()
    {
        var picture = new Picture(3, 2);
        picture.Paint(new RenderedTile(new Tile(1, 0, 2, 2), [1, 2, 3, 4], "n"), level => ((byte)level, 0, 255));
        using var stream = new MemoryStream();

        PngFile.Write(stream, picture);

        var chunks = ChunksOf(stream.ToArray());
        Assert.Equal(["IHDR", "IDAT", "IEND"], chunks.Select(chunk => chunk.Type));
        Assert.Equal<byte>([0, 0, 0, 3, 0, 0, 0, 2, 8, 2, 0, 0, 0], chunks[0].Data);
        Assert.Equal<byte>([0, 0, 0, 0, 1, 0, 255, 2, 0, 255, 0, 0, 0, 0, 3, 0, 255, 4, 0, 255], Inflate(chunks[1].Data));
        Assert.Equal(0xAE426082, chunks[2].Crc); // The value that every PNG ends with.
    }

    private static List<(string Type, byte[] Data, uint Crc)> ChunksOf(byte[] png)
    {
        Assert.Equal<byte>([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A], png[..8]);
        var chunks = new List<(string, byte[], uint)>();
        for (var at = 8; at < png.Length;)
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(at));
            chunks.Add((Encoding.ASCII.GetString(png, at + 4, 4), png[(at + 8)..(at + 8 + length)], BinaryPrimitives.ReadUInt32BigEndian(png.AsSpan(at + 8 + length))));
            at += 12 + length;
        }

        return chunks;
    }

    private static byte[] Inflate(byte[] data)
    {
        using var zlib = new ZLibStream(new MemoryStream(data), CompressionMode.Decompress);
        using var plain = new MemoryStream();
        zlib.CopyTo(plain);
        return plain.ToArray();
    }
}
