namespace Grid.Samples.Mandelbrot;

/// <summary>Pixels of red, green and blue.</summary>
internal sealed class Picture(int width, int height)
{
    public int Width { get; } = width;

    public int Height { get; } = height;

    /// <summary>Three bytes per pixel, row by row.</summary>
    public byte[] Rgb { get; } = new byte[width * height * 3];

    /// <summary>Paints a tile; the colour is made from the level of each pixel.</summary>
    public void Paint(RenderedTile rendered, Func<float, (byte Red, byte Green, byte Blue)> color)
    {
        var tile = rendered.Tile;
        for (var i = 0; i < rendered.Levels.Length; i++)
        {
            var at = 3 * (((tile.Y + (i / tile.Width)) * Width) + tile.X + (i % tile.Width));
            (Rgb[at], Rgb[at + 1], Rgb[at + 2]) = color(rendered.Levels[i]);
        }
    }
}
