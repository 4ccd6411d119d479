namespace Grid.Benchmarks.ZooKeeper;

/// <summary>Floor and client under one load, measured in turns. A machine that is fast for a moment is so for both of a round, hardly for all rounds of one.</summary>
internal sealed class PairedRounds(Load load)
{
    private readonly List<(Measurement Bare, Measurement Ours)> _rounds = [];

    public Load Load { get; } = load;

    public Measurement Bare => Middle(_rounds.Select(round => round.Bare));

    public Measurement Ours => Middle(_rounds.Select(round => round.Ours));

    /// <summary>Operations a second of the client by those of the floor.</summary>
    public double Throughput => Middle(_rounds.Select(round => round.Ours.OperationsPerSecond / round.Bare.OperationsPerSecond));

    /// <summary>The client's median time of an operation by the floor's.</summary>
    public double Median => Middle(_rounds.Select(round => round.Ours.MedianMicroseconds / round.Bare.MedianMicroseconds));

    public void Add(Measurement bare, Measurement ours) => _rounds.Add((bare, ours));

    private static double Middle(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted[sorted.Length / 2];
    }

    /// <summary>Each figure's own middle.</summary>
    private static Measurement Middle(IEnumerable<Measurement> rounds)
    {
        var all = rounds.ToArray();
        return new Measurement(
            Middle(all.Select(round => round.OperationsPerSecond)),
            Middle(all.Select(round => round.MedianMicroseconds)),
            Middle(all.Select(round => round.CpuMicroseconds)),
            Middle(all.Select(round => round.AllocatedBytes)));
    }
}
