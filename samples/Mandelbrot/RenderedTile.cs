namespace Grid.Samples.Mandelbrot;

/// <summary>What a node sends back: a level per pixel, 0 for the set itself, and who computed it.</summary>
internal sealed record RenderedTile(Tile Tile, float[] Levels, string Node);
