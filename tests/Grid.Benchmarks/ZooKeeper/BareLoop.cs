using System.Buffers.Binary;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Grid.Benchmarks.ZooKeeper;

/// <summary>
/// The floor: a session on a blocking socket that sends prebuilt requests and counts answers. It decodes nothing, allocates nothing and
/// has no second thread.
/// </summary>
internal sealed class BareLoop : IDisposable
{
    private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly byte[] _received = new byte[256 * 1024];
    private int _held;

    public BareLoop(string server)
    {
        _socket.Connect(IPEndPoint.Parse(server));
        _socket.Send(BareFrames.Connect());
        ReceiveFrames();
    }

    /// <summary>Reads once, asking to be told of the next change.</summary>
    public void ReadAndWatch() => Exchange(Read(isWatching: true));

    /// <summary>Blocks until the change that was asked for comes.</summary>
    public void AwaitEvent() => ReceiveFrames();

    /// <summary>Reads once.</summary>
    public void ReadOnce() => Exchange(Read(isWatching: false));

    /// <summary>Writes once.</summary>
    public void WriteOnce() => Exchange(Write());

    public Measurement Run(Load load)
    {
        var request = load.IsWrite ? Write() : Read(isWatching: false);
        var many = Enumerable.Repeat(request, load.InFlight).SelectMany(bytes => bytes).ToArray();
        var times = load.InFlight == 1 ? new double[load.Operations] : [];
        var cost = new CostMeter();
        _socket.Send(many);
        var start = Stopwatch.GetTimestamp();
        for (int answered = 0, sent = load.InFlight; answered < load.Operations;)
        {
            var frames = ReceiveFrames();
            if (times.Length > 0)
            {
                times[answered] = Stopwatch.GetElapsedTime(start).TotalMicroseconds;
                start = Stopwatch.GetTimestamp();
            }

            answered += frames;
            var next = Math.Min(frames, load.Operations - sent);
            _socket.Send(many.AsSpan(0, next * request.Length));
            sent += next;
        }

        Array.Sort(times);
        return cost.Stop(load.Operations, times.Length > 0 ? times[times.Length / 2] : 0);
    }

    public void Dispose() => _socket.Dispose();

    private static byte[] Read(bool isWatching) => BareFrames.Request(4, [.. BareFrames.Text(Load.Path), isWatching ? (byte)1 : (byte)0]);

    private static byte[] Write() => BareFrames.Request(5, [.. BareFrames.Text(Load.Path), .. BareFrames.Bytes(new byte[Load.DataBytes]), .. BareFrames.Int(-1)]);

    private void Exchange(byte[] request)
    {
        _socket.Send(request);
        ReceiveFrames();
    }

    /// <summary>Receives once or more, until at least one whole frame was there.</summary>
    private int ReceiveFrames()
    {
        for (var frames = 0; ;)
        {
            _held += _socket.Receive(_received.AsSpan(_held));
            var position = 0;
            while (_held - position >= 4)
            {
                var length = 4 + BinaryPrimitives.ReadInt32BigEndian(_received.AsSpan(position));
                if (_held - position < length)
                {
                    break;
                }

                BareFrames.ThrowIfError(_received.AsSpan(position, length));
                position += length;
                frames++;
            }

            _received.AsSpan(position, _held - position).CopyTo(_received);
            _held -= position;
            if (frames > 0)
            {
                return frames;
            }
        }
    }
}
