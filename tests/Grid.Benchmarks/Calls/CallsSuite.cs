using Grid.Benchmarks.Floor;
using Grid.Benchmarks.Links;

namespace Grid.Benchmarks.Calls;

/// <summary>Suite <c>calls</c>: closures between two processes beside the sockets and the bare link of the same run.</summary>
internal static class CallsSuite
{
    private const int Callers = 256;

    public static Task<int> RunAsync(string[] args) => args switch
    {
        ["rate"] => RunRateAsync(),
        ["large"] => RunLargeAsync(),
        _ => RunAllAsync(seconds: 3),
    };

    private static async Task<int> RunAllAsync(double seconds)
    {
        var floor = await FloorMeasurements.MeasureAsync(seconds);
        var link = await LinkMeasurements.MeasureAsync(seconds);
        using var worker = await PeerProcess.StartAsync("calls");
        await using var client = await CallsNode.StartClientAsync(worker.Ready);
        var calls = new CallsMeasurements(client.Grid, worker, seconds);
        var roundTrip = await calls.RoundTripAsync();
        var (rate, here, there) = await calls.RateAsync(Callers);
        var large = await calls.MebibytesPerSecondAsync(callers: 4);
        return new Report("Closures: a client process and a worker process over loopback")
            .Add("no-op round trip, median, to async sockets", Us(roundTrip), Us(floor.AsyncRoundTripMicroseconds), new Report.Target(2, IsAtMost: true))
            .Add("no-op round trip, median, to the bare link", Us(roundTrip), Us(link.RoundTripMicroseconds))
            .Add($"no-op calls, {Callers} callers, to the bare link", PerSecond(rate), PerSecond(link.RequestsPerSecond), new Report.Target(1 / 6.0, IsAtMost: false))
            .Add("arguments of 1 MiB, 4 callers, to raw sockets", MiB(large), MiB(floor.MebibytesPerSecond), new Report.Target(0.6, IsAtMost: false))
            .Add("allocated per call at the client, to 1 KiB", Bytes(here), Bytes(1024), new Report.Target(1, IsAtMost: true))
            .Add("allocated per call at the worker, to 1 KiB", Bytes(there), Bytes(1024), new Report.Target(1, IsAtMost: true))
            .Print();
    }

    /// <summary>The rate alone, for a profiler.</summary>
    private static async Task<int> RunRateAsync()
    {
        using var worker = await PeerProcess.StartAsync("calls");
        await using var client = await CallsNode.StartClientAsync(worker.Ready);
        var (rate, here, there) = await new CallsMeasurements(client.Grid, worker, seconds: 8).RateAsync(Callers);
        return new Report($"Closures: {Callers} callers, for a profiler; without a floor")
            .Add("no-op calls a second", rate, "/s")
            .Add("allocated per call at the client", here, "B")
            .Add("allocated per call at the worker", there, "B")
            .Print();
    }

    /// <summary>The large arguments alone, for a profiler.</summary>
    private static async Task<int> RunLargeAsync()
    {
        using var worker = await PeerProcess.StartAsync("calls");
        await using var client = await CallsNode.StartClientAsync(worker.Ready);
        return new Report("Closures with arguments of 1 MiB, 4 callers, for a profiler; without a floor")
            .Add("arguments", await new CallsMeasurements(client.Grid, worker, seconds: 8).MebibytesPerSecondAsync(callers: 4), "MiB/s")
            .Print();
    }

    private static Report.Figure Us(double value) => new(value, "us");

    private static Report.Figure PerSecond(double value) => new(value, "/s");

    private static Report.Figure MiB(double value) => new(value, "MiB/s");

    private static Report.Figure Bytes(double value) => new(value, "B");
}
