namespace Grid.Benchmarks.ZooKeeper;

/// <summary>One client under one load.</summary>
/// <param name="OperationsPerSecond">Throughput.</param>
/// <param name="MedianMicroseconds">Median time of one operation; 0 where only throughput was measured.</param>
/// <param name="CpuMicroseconds">CPU time of the client's process per operation.</param>
/// <param name="AllocatedBytes">Bytes allocated per operation; -1 where unknown.</param>
internal readonly record struct Measurement(double OperationsPerSecond, double MedianMicroseconds, double CpuMicroseconds, double AllocatedBytes);
