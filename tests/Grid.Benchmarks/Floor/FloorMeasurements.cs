using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Grid.Benchmarks.Floor;

/// <summary>Measures what bare sockets do; other suites call it to relate their figures to the floor of the same run.</summary>
internal static class FloorMeasurements
{
    public const int LargeBytes = 1024 * 1024;

    /// <summary>A frame of the size of a no-op closure call: 64 bytes and a header of 16.</summary>
    public const int SmallBytes = 80;

    private const int FramesInFlight = 256;
    private const int WritesInFlight = 4;

    /// <summary>Measures everything.</summary>
    /// <param name="seconds">For each figure.</param>
    public static async Task<FloorFigures> MeasureAsync(double seconds) => new(
        await BlockingRoundTripAsync(seconds), await AsyncRoundTripAsync(seconds), await FramesAsync(seconds), await ThroughputAsync(seconds));

    public static async Task<double> AsyncRoundTripAsync(double seconds)
    {
        var (peer, socket) = await ConnectAsync(FloorPeer.Async);
        using (peer)
        using (socket)
        {
            var buffer = new byte[SmallBytes];
            return await Sampling.MedianMicrosecondsAsync(seconds, async () =>
            {
                await socket.SendAsync(buffer);
                for (var received = 0; received < SmallBytes;)
                {
                    received += await socket.ReceiveAsync(buffer.AsMemory(received));
                }
            });
        }
    }

    public static async Task<double> BlockingRoundTripAsync(double seconds)
    {
        var (peer, socket) = await ConnectAsync(FloorPeer.Blocking);
        using (peer)
        using (socket)
        {
            var buffer = new byte[SmallBytes];
            return await Sampling.MedianMicrosecondsAsync(seconds, () =>
            {
                Exchange(socket, buffer);
                return ValueTask.CompletedTask;
            });
        }
    }

    // Both sides work at once: several writes are under way, and the answers of the first are read while the last is echoed.
    public static async Task<double> FramesAsync(double seconds)
    {
        var (peer, socket) = await ConnectAsync(FloorPeer.Blocking);
        using (peer)
        using (socket)
        {
            var writes = new byte[SmallBytes * FramesInFlight / WritesInFlight];
            var answers = new byte[writes.Length];
            for (var i = 1; i < WritesInFlight; i++)
            {
                socket.Send(writes);
            }

            var rate = Sampling.PerSecond(seconds, () =>
            {
                socket.Send(writes);
                ReceiveAll(socket, answers);
            });
            for (var i = 1; i < WritesInFlight; i++)
            {
                ReceiveAll(socket, answers);
            }

            return FramesInFlight / WritesInFlight * rate;
        }
    }

    public static async Task<double> ThroughputAsync(double seconds)
    {
        var best = 0.0;
        foreach (var writeBytes in (int[])[128 * 1024, 256 * 1024, 1024 * 1024])
        {
            best = Math.Max(best, await ThroughputAsync(seconds / 2, writeBytes));
        }

        return best;
    }

    private static async Task<double> ThroughputAsync(double seconds, int writeBytes)
    {
        var (peer, socket) = await ConnectAsync(FloorPeer.Sink);
        using (peer)
        using (socket)
        {
            var buffer = new byte[LargeBytes];
            var answer = new byte[64];
            var unanswered = 0;
            var rate = Sampling.PerSecond(seconds, () =>
            {
                for (var sent = 0; sent < LargeBytes; sent += writeBytes)
                {
                    socket.Send(buffer.AsSpan(sent, writeBytes));
                }

                for (unanswered++; unanswered >= 4;)
                {
                    unanswered -= socket.Receive(answer);
                }
            });
            while (unanswered > 0)
            {
                unanswered -= socket.Receive(answer);
            }

            return rate;
        }
    }

    private static void Exchange(Socket socket, byte[] buffer)
    {
        socket.Send(buffer);
        ReceiveAll(socket, buffer);
    }

    private static void ReceiveAll(Socket socket, byte[] buffer)
    {
        for (var received = 0; received < buffer.Length;)
        {
            received += socket.Receive(buffer.AsSpan(received));
        }
    }

    private static async Task<(PeerProcess Peer, Socket Socket)> ConnectAsync(string mode)
    {
        var peer = await PeerProcess.StartAsync("floor", mode);
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Connect(new IPEndPoint(IPAddress.Loopback, int.Parse(peer.Ready, CultureInfo.InvariantCulture)));
        socket.NoDelay = true;
        return (peer, socket);
    }
}
