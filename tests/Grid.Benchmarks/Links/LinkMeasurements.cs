using System.Diagnostics;
using System.Globalization;
using Grid.Benchmarks.Floor;
using Grid.Communication.Tcp;
using Grid.Messaging;

namespace Grid.Benchmarks.Links;

/// <summary>Measures the bare link code between two processes; suite <c>calls</c> relates closures to it.</summary>
internal static class LinkMeasurements
{
    private const int PayloadBytes = FloorMeasurements.SmallBytes - 16;

    /// <summary>Measures everything.</summary>
    /// <param name="seconds">For each figure.</param>
    /// <param name="tls">The certificates of this side and of the other; none for a plain link.</param>
    public static async Task<LinkFigures> MeasureAsync(double seconds, (TlsOptions Here, TlsOptions There)? tls = null)
    {
        using var process = tls is { There: var there } ? await PeerProcess.StartAsync("link", there.Certificate, there.TrustedRoot) : await PeerProcess.StartAsync("link");
        await using var node = await BareNode.StartAsync("local", tls?.Here);
        var peer = node.Messenger.GetPeer(BareNode.Parse(process.Ready));
        var roundTrip = await RoundTripAsync(peer, seconds);
        var allocatedHere = GC.GetTotalAllocatedBytes(precise: true);
        var allocatedThere = long.Parse(await process.AskAsync("allocated"), CultureInfo.InvariantCulture);
        var (rate, requests) = await RateAsync(peer, inFlight: 256, PayloadBytes, LinkPeer.Echo, seconds);
        allocatedHere = GC.GetTotalAllocatedBytes(precise: true) - allocatedHere;
        allocatedThere = long.Parse(await process.AskAsync("allocated"), CultureInfo.InvariantCulture) - allocatedThere;
        var (blobs, _) = await RateAsync(peer, inFlight: 4, FloorMeasurements.LargeBytes, LinkPeer.Blob, seconds);
        return new LinkFigures(roundTrip, rate, blobs, (double)allocatedHere / requests, (double)allocatedThere / requests);
    }

    private static async Task<double> RoundTripAsync(Peer peer, double seconds)
    {
        var payload = new byte[PayloadBytes];
        var single = new SingleCall(peer);
        return await Sampling.MedianMicrosecondsAsync(seconds, () => single.CallAsync(payload));
    }

    private static async Task<(double PerSecond, long Requests)> RateAsync(Peer peer, int inFlight, int payloadBytes, byte kind, double seconds)
    {
        var load = new ClosedLoop(peer, kind, payloadBytes);
        load.Start(inFlight);
        await Task.Delay(TimeSpan.FromSeconds(seconds / 2));
        var before = load.Completed;
        var clock = Stopwatch.StartNew();
        await Task.Delay(TimeSpan.FromSeconds(seconds));
        var rate = (load.Completed - before) / clock.Elapsed.TotalSeconds;
        await load.StopAsync();
        return (rate, load.Completed);
    }
}
