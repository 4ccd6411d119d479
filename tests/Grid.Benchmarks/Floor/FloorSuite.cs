namespace Grid.Benchmarks.Floor;

/// <summary>Suite <c>floor</c>.</summary>
internal static class FloorSuite
{
    public static async Task<int> RunAsync()
    {
        var floor = await FloorMeasurements.MeasureAsync(seconds: 3);
        var blocking = new Report.Figure(floor.BlockingRoundTripMicroseconds, "us");
        return new Report($"Floor: two processes over loopback, messages of {FloorMeasurements.SmallBytes} bytes")
            .Add("blocking-socket round trip, median", blocking, blocking)
            .Add("async-socket round trip, median", new Report.Figure(floor.AsyncRoundTripMicroseconds, "us"), blocking)
            .Add("frames echoed, 256 in flight", floor.FramesPerSecond, "/s")
            .Add("raw one-way, messages of 1 MiB", floor.MebibytesPerSecond, "MiB/s")
            .Print();
    }
}
