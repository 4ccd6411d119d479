using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Grid.Benchmarks.ZooKeeper;
using Grid.ZooKeeper;

namespace Grid.Benchmarks.ZooKeeperHerd;

/// <summary>
/// The floor of the herd: as many sessions on blocking sockets that send the same requests, prebuilt, and count the bytes of the answers. A few threads serve them all; they decode nothing, and they
/// know when all are registered. One session at a time of each thread waits for an answer to its reads, all of them for those to their registrations.
/// </summary>
internal sealed class BareHerd : IDisposable
{
    private const int Threads = 8;
    private const int CheckCode = 13;
    private const int CreateCode = 15;
    private const int ListCode = 12;
    private const int ReadCode = 4;
    private const int MultiCode = 14;
    private const int MultiReadCode = 22;
    private const int CloseCode = -11;
    private const int Ephemeral = 1;
    private readonly string _server;
    private readonly string _root;
    private readonly byte[] _record;
    private readonly byte[] _list;
    private readonly Socket[] _sockets;
    private readonly byte[][] _buffers = [.. Enumerable.Range(0, Threads).Select(_ => new byte[4 << 20])];

    private BareHerd(string server, string root, byte[] record, int count)
    {
        (_server, _root, _record) = (server, root, record);
        _list = BareFrames.Request(ListCode, [.. BareFrames.Text($"{root}/members"), 1]);
        _sockets = [.. Enumerable.Range(0, count).Select(_ => NewSocket())];
    }

    public static async Task<BareHerd> CreateAsync(string server, string root, byte[] record, int count)
    {
        await using var client = await ZooKeeperClient.ConnectAsync(server);
        foreach (var path in (string[])[root, $"{root}/members", $"{root}/available"])
        {
            await client.CreateAsync(path, null, CreateMode.Persistent);
        }

        return new BareHerd(server, root, record, count);
    }

    /// <summary>All connect and register; when the last has, all list and read.</summary>
    public TimeSpan JoinAtOnce()
    {
        byte[][] registrations = [.. Enumerable.Range(0, _sockets.Length).Select(Registration)];
        var read = Read(Enumerable.Range(0, _sockets.Length));
        var since = Stopwatch.GetTimestamp();
        OnAll((socket, _, _) =>
        {
            socket.Connect(IPEndPoint.Parse(_server));
            socket.Send(BareFrames.Connect());
        });
        OnAll((socket, i, buffer) =>
        {
            Receive(socket, buffer);
            socket.Send(registrations[i]);
        });
        OnAll((socket, _, buffer) => Receive(socket, buffer));
        OnAll((socket, _, buffer) =>
        {
            Exchange(socket, _list, buffer);
            if (Exchange(socket, read, buffer) < _sockets.Length * _record.Length)
            {
                throw new InvalidOperationException("The floor did not read every record.");
            }
        });
        return Stopwatch.GetElapsedTime(since);
    }

    /// <summary>One more connects and registers, and all that hear of it list and read it.</summary>
    public TimeSpan JoinOne()
    {
        var (registration, read) = (Registration(_sockets.Length), Read([_sockets.Length]));
        using var late = NewSocket();
        var since = Stopwatch.GetTimestamp();
        late.Connect(IPEndPoint.Parse(_server));
        Exchange(late, BareFrames.Connect(), _buffers[0]);
        late.Send(registration);
        OnAll((socket, _, buffer) =>
        {
            Receive(socket, buffer);
            Exchange(socket, _list, buffer);
            Exchange(socket, read, buffer);
        });
        return Stopwatch.GetElapsedTime(since);
    }

    /// <summary>Closes the sessions, so that none expires while something else is measured.</summary>
    public void Dispose() => OnAll((socket, _, buffer) =>
    {
        Exchange(socket, BareFrames.Request(CloseCode, []), buffer);
        socket.Dispose();
    });

    private static Socket NewSocket() => new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };

    private static int Exchange(Socket socket, byte[] request, byte[] buffer)
    {
        socket.Send(request);
        return Receive(socket, buffer);
    }

    /// <summary>Receives one frame; nothing else is under way on a socket.</summary>
    /// <returns>Its bytes.</returns>
    private static int Receive(Socket socket, byte[] buffer)
    {
        var held = 0;
        do
        {
            held += socket.Receive(buffer.AsSpan(held));
        }
        while (held < 4 || held < 4 + BinaryPrimitives.ReadInt32BigEndian(buffer));
        BareFrames.ThrowIfError(buffer.AsSpan(0, held));
        return held;
    }

    private static string Name(int number) => string.Create(CultureInfo.InvariantCulture, $"{number:x32}");

    private byte[] Registration(int number) => BareFrames.Multi(
        MultiCode,
        [
            (CheckCode, [.. BareFrames.Text(_root), .. BareFrames.Int(0)]),
            (CreateCode, BareFrames.Creation($"{_root}/members/{Name(number)}", _record, Ephemeral)),
            (CreateCode, BareFrames.Creation($"{_root}/available/10.0.0.1:{10_000 + number}", new byte[32], Ephemeral)),
        ]);

    private byte[] Read(IEnumerable<int> numbers) => BareFrames.Multi(
        MultiReadCode, numbers.Select(number => (ReadCode, (byte[])[.. BareFrames.Text($"{_root}/members/{Name(number)}"), 0])));

    private void OnAll(Action<Socket, int, byte[]> action)
    {
        var threads = Enumerable.Range(0, Threads).Select(thread => Task.Factory.StartNew(() => Serve(thread, action), TaskCreationOptions.LongRunning)).ToArray();
        Task.WaitAll(threads);
    }

    private void Serve(int thread, Action<Socket, int, byte[]> action)
    {
        for (var i = thread; i < _sockets.Length; i += Threads)
        {
            action(_sockets[i], i, _buffers[thread]);
        }
    }
}
