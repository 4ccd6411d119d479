namespace Grid.Samples.MonteCarlo;

/// <summary>Number, sum and sum of squares of samples: all that mean and error need, and it adds up.</summary>
internal readonly record struct BlockSum(long Samples, double Sum, double Squares)
{
    public double Mean => Sum / Samples;

    /// <summary>The standard deviation of the mean.</summary>
    public double StandardError => Math.Sqrt(Math.Max(0, (Squares / Samples) - (Mean * Mean)) / Samples);

    public BlockSum Add(BlockSum other) => new(Samples + other.Samples, Sum + other.Sum, Squares + other.Squares);
}
