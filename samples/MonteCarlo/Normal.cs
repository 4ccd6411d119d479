namespace Grid.Samples.MonteCarlo;

/// <summary>The standard normal distribution.</summary>
internal static class Normal
{
    /// <summary>The probability of a value up to x, by the series of Marsaglia, "Evaluating the Normal Distribution" (2004): full precision for |x| up to 7.</summary>
    public static double Cumulative(double x)
    {
        if (Math.Abs(x) > 8)
        {
            return x > 0 ? 1 : 0;
        }

        var (sum, previous, term) = (x, double.NaN, x);
        for (var i = 3; sum != previous; i += 2)
        {
            previous = sum;
            term *= x * x / i;
            sum += term;
        }

        return 0.5 + (sum * Math.Exp(-x * x / 2) / Math.Sqrt(2 * Math.PI));
    }

    /// <summary>A random value, by the transform of Box and Muller (1958); one of the two that it gives.</summary>
    public static double Draw(ref Xoshiro256 random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
