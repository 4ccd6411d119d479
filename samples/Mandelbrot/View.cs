namespace Grid.Samples.Mandelbrot;

/// <summary>The part of the complex plane that the picture shows.</summary>
/// <param name="Width">Pixels across.</param>
/// <param name="Height">Pixels down.</param>
/// <param name="CenterX">The real part in the middle.</param>
/// <param name="CenterY">The imaginary part in the middle.</param>
/// <param name="Span">How much of the imaginary axis fits into the height.</param>
/// <param name="Iterations">After how many steps a point counts as one of the set.</param>
internal sealed record View(int Width, int Height, double CenterX, double CenterY, double Span, int Iterations)
{
    private const double EscapeRadiusSquared = 1 << 16;

    /// <summary>Computes a tile on the node that this is called on.</summary>
    public RenderedTile RenderHere(Tile tile) => new(tile, Render(tile), JobContext.Current!.Node.Name);

    public float[] Render(Tile tile)
    {
        var levels = new float[tile.Width * tile.Height];
        for (var i = 0; i < levels.Length; i++)
        {
            levels[i] = Level(tile.X + (i % tile.Width), tile.Y + (i / tile.Width));
        }

        return levels;
    }

    /// <summary>
    /// How soon a point escapes: 0 when it does not, else the number of steps with the fraction that makes the colours flow
    /// (normalized iteration count, as in Peitgen and Richter, "The Beauty of Fractals", 1986).
    /// </summary>
    private float Level(int column, int row)
    {
        var scale = Span / Height;
        var (cx, cy) = (CenterX + ((column + 0.5 - (Width / 2.0)) * scale), CenterY - ((row + 0.5 - (Height / 2.0)) * scale));
        var (x, y) = (0.0, 0.0);
        for (var step = 1; step <= Iterations; step++)
        {
            (x, y) = ((x * x) - (y * y) + cx, (2 * x * y) + cy);
            var squared = (x * x) + (y * y);
            if (squared > EscapeRadiusSquared)
            {
                return (float)(step + 1 - Math.Log2(Math.Log2(squared) / 2));
            }
        }

        return 0;
    }
}
