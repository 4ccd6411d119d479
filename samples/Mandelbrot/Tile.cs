namespace Grid.Samples.Mandelbrot;

/// <summary>A rectangle of pixels.</summary>
internal readonly record struct Tile(int X, int Y, int Width, int Height)
{
    /// <summary>Cuts a picture into tiles, row by row; those at the right and lower edge may be smaller.</summary>
    public static IEnumerable<Tile> Cover(int width, int height, int size) =>
        from y in Enumerable.Range(0, (height + size - 1) / size).Select(row => row * size)
        from x in Enumerable.Range(0, (width + size - 1) / size).Select(column => column * size)
        select new Tile(x, y, Math.Min(size, width - x), Math.Min(size, height - y));
}
