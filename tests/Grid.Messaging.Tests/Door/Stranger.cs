using System.Net;
using System.Net.Sockets;
using System.Text;
using Grid.Messaging.Handshake;

namespace Grid.Messaging.Tests;

/// <summary>Speaks the handshake by hand over a socket, well or badly.</summary>
internal sealed class Stranger(Socket socket) : IDisposable
{
    private static readonly TimeSpan Guard = TimeSpan.FromSeconds(30);

    /// <summary>Blocks until it is connected: on a busy machine an awaited connect may look only after the node has already closed, and throws.</summary>
    public static Stranger Dial(NodeEndpoint endpoint)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Connect(IPEndPoint.Parse(endpoint.ToString()));
        return new Stranger(socket);
    }

    public static byte[] Write(Hello hello)
    {
        var bytes = new byte[Hello.SizeBytes];
        hello.Write(bytes, new byte[Hello.NonceBytes]);
        return bytes;
    }

    public static byte[] Prove(string secret, byte[] dialerHello, byte[] acceptorHello)
    {
        var bytes = new byte[Proof.SizeBytes];
        Proof.Write(bytes, new Proof.Exchange(Encoding.UTF8.GetBytes(secret), dialerHello, acceptorHello), isDialer: true, Refusal.None, "stranger");
        return bytes;
    }

    public async Task SendAsync(byte[] bytes) => await socket.SendAsync(bytes);

    /// <summary>Sends to a node that may close before it has read everything, or anything.</summary>
    public async Task TrySendAsync(byte[] bytes)
    {
        try
        {
            await socket.SendAsync(bytes);
        }
        catch (SocketException)
        {
            // Closed already.
        }
    }

    public async Task<byte[]> ReceiveAsync(int count)
    {
        var bytes = new byte[count];
        for (var received = 0; received < count;)
        {
            var more = await socket.ReceiveAsync(bytes.AsMemory(received)).AsTask().WaitAsync(Guard);
            Assert.True(more > 0, $"The node closed after {received} of {count} bytes.");
            received += more;
        }

        return bytes;
    }

    /// <summary>What comes until the node closes.</summary>
    public async Task<byte[]> ReceiveAllAsync()
    {
        var all = new List<byte>();
        var buffer = new byte[4096];
        try
        {
            for (var count = await socket.ReceiveAsync(buffer).WaitAsync(Guard); count > 0; count = await socket.ReceiveAsync(buffer).WaitAsync(Guard))
            {
                all.AddRange(buffer.AsSpan(0, count));
            }
        }
        catch (SocketException)
        {
            // Reset: closed as well.
        }

        return [.. all];
    }

    public void Dispose() => socket.Dispose();
}
