namespace Grid.Benchmarks.Serialization;

/// <summary>Six fields of usual types.</summary>
public sealed record BenchmarkRecord(long Id, string Name, string City, int Age, double Balance, DateTime Created);
