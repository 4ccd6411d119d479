namespace Grid.Samples.Mandelbrot;

/// <summary>Colours: a flow for the picture, one hue per node for the map of who computed what.</summary>
internal static class Palette
{
    private const double GoldenTurn = 0.618033988749895;

    /// <summary>Blue, white, gold and dark again as the level grows; the set itself is black.</summary>
    public static (byte Red, byte Green, byte Blue) Flow(float level)
    {
        var turn = 0.35 * Math.Log(level + 1);
        return level == 0 ? default : (Channel(turn - 0.10, 1), Channel(turn - 0.02, 1), Channel(turn + 0.08, 1));
    }

    /// <summary>Neighbouring numbers get hues far apart; the level only shades.</summary>
    public static (byte Red, byte Green, byte Blue) OfNode(int node, float level)
    {
        var turn = node * GoldenTurn;
        var brightness = level == 0 ? 0.35 : 0.6 + (0.4 * (Math.Sin(level / 2) + 1) / 2);
        return (Channel(turn, brightness), Channel(turn - (1 / 3.0), brightness), Channel(turn - (2 / 3.0), brightness));
    }

    /// <param name="turn">Position on the channel's circle: full at whole turns, none halfway.</param>
    /// <param name="brightness">0 to 1.</param>
    private static byte Channel(double turn, double brightness) => (byte)(255 * brightness * (Math.Cos(2 * Math.PI * turn) + 1) / 2);
}
