using Grid.Benchmarks.Floor;
using Grid.Communication.Tcp.Tests;

namespace Grid.Benchmarks.Links;

/// <summary>Suite <c>link</c>.</summary>
internal static class LinkSuite
{
    public static async Task<int> RunAsync()
    {
        var floor = await FloorMeasurements.MeasureAsync(seconds: 2);
        var link = await LinkMeasurements.MeasureAsync(seconds: 3);
        using var authority = new TestAuthority();
        var secured = await LinkMeasurements.MeasureAsync(seconds: 3, (authority.Options("local"), authority.Options("peer")));
        var plainExit = Plain(link, floor).Print();
        Secured(secured, link).Print();
        return plainExit;
    }

    private static Report Plain(LinkFigures link, FloorFigures floor) =>
        new Report($"Bare link beside the floor of the same run, frames of {FloorMeasurements.SmallBytes} bytes")
            .Add("round trip, median, to async sockets", new Report.Figure(link.RoundTripMicroseconds, "us"), new Report.Figure(floor.AsyncRoundTripMicroseconds, "us"), new Report.Target(1.3, IsAtMost: true))
            .Add("round trip, median, to blocking sockets", new Report.Figure(link.RoundTripMicroseconds, "us"), new Report.Figure(floor.BlockingRoundTripMicroseconds, "us"))
            .Add("requests answered, 256 in flight", new Report.Figure(link.RequestsPerSecond, "/s"), new Report.Figure(floor.FramesPerSecond, "/s"))
            .Add("payloads of 1 MiB, 4 in flight", new Report.Figure(link.LargePerSecond, "MiB/s"), new Report.Figure(floor.MebibytesPerSecond, "MiB/s"), new Report.Target(0.6, IsAtMost: false))
            .Add("allocated per request, asking side", link.AllocatedHere, "B")
            .Add("allocated per request, answering side", link.AllocatedThere, "B");

    private static Report Secured(LinkFigures secured, LinkFigures plain) =>
        new Report("The same link over mutual TLS beside the plain one of the same run")
            .Add("round trip, median", new Report.Figure(secured.RoundTripMicroseconds, "us"), new Report.Figure(plain.RoundTripMicroseconds, "us"))
            .Add("requests answered, 256 in flight", new Report.Figure(secured.RequestsPerSecond, "/s"), new Report.Figure(plain.RequestsPerSecond, "/s"))
            .Add("payloads of 1 MiB, 4 in flight", new Report.Figure(secured.LargePerSecond, "MiB/s"), new Report.Figure(plain.LargePerSecond, "MiB/s"))
            .Add("allocated per request, asking side", secured.AllocatedHere, "B")
            .Add("allocated per request, answering side", secured.AllocatedThere, "B");
}
