namespace Grid.Benchmarks.Floor;

/// <summary>What bare sockets do between two processes over loopback.</summary>
/// <param name="BlockingRoundTripMicroseconds">Median round trip of a small message between two blocking threads.</param>
/// <param name="AsyncRoundTripMicroseconds">The same with asynchronous sockets.</param>
/// <param name="FramesPerSecond">Small frames sent, echoed and read back, 256 in flight in four writes.</param>
/// <param name="MebibytesPerSecond">One way, in messages of 1 MiB; the best of three sizes of writes.</param>
internal sealed record FloorFigures(double BlockingRoundTripMicroseconds, double AsyncRoundTripMicroseconds, double FramesPerSecond, double MebibytesPerSecond);
