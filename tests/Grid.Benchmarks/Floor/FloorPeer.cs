using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Grid.Benchmarks.Floor;

/// <summary>The other process: accepts one connection after another and serves each as the mode says.</summary>
internal static class FloorPeer
{
    public const string Blocking = "blocking";
    public const string Async = "async";
    public const string Sink = "sink";

    public static async Task<int> RunAsync(string[] args)
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        Console.WriteLine(((IPEndPoint)listener.LocalEndPoint!).Port.ToString(CultureInfo.InvariantCulture));
        using var socket = listener.Accept();
        socket.NoDelay = true;
        switch (args[0])
        {
            case Async:
                await EchoAsync(socket);
                break;
            case Sink:
                Swallow(socket);
                break;
            default:
                Echo(socket);
                break;
        }

        return 0;
    }

    private static void Echo(Socket socket)
    {
        var buffer = new byte[256 * 1024];
        for (var count = socket.Receive(buffer); count > 0; count = socket.Receive(buffer))
        {
            socket.Send(buffer.AsSpan(0, count));
        }
    }

    private static async Task EchoAsync(Socket socket)
    {
        var buffer = new byte[256 * 1024];
        for (var count = await socket.ReceiveAsync(buffer); count > 0; count = await socket.ReceiveAsync(buffer))
        {
            await socket.SendAsync(buffer.AsMemory(0, count));
        }
    }

    // Reads messages of 1 MiB and answers each with one byte.
    private static void Swallow(Socket socket)
    {
        var buffer = new byte[128 * 1024];
        var received = 0;
        for (var count = socket.Receive(buffer); count > 0; count = socket.Receive(buffer))
        {
            received += count;
            if (received >= FloorMeasurements.LargeBytes)
            {
                received -= FloorMeasurements.LargeBytes;
                socket.Send(buffer.AsSpan(0, 1));
            }
        }
    }
}
