namespace Grid.Benchmarks.Links;

/// <summary>What the bare link does between two processes over loopback.</summary>
/// <param name="RoundTripMicroseconds">Median of one request at a time, payload of a no-op closure's size.</param>
/// <param name="RequestsPerSecond">Requests answered with 256 in flight.</param>
/// <param name="LargePerSecond">Requests of 1 MiB answered with one byte, four in flight.</param>
/// <param name="AllocatedHere">Bytes allocated per request on the requesting side.</param>
/// <param name="AllocatedThere">Bytes allocated per request on the answering side.</param>
internal sealed record LinkFigures(double RoundTripMicroseconds, double RequestsPerSecond, double LargePerSecond, double AllocatedHere, double AllocatedThere);
