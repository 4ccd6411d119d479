using System.Net;
using System.Net.Sockets;

namespace Grid.Discovery.Gossip.Net;

/// <summary>A UDP socket and a TCP listener at the same port.</summary>
internal sealed record GossipPort(Socket Packets, Socket Listener, IPEndPoint Address)
{
    private const int Attempts = 16;
    private const int Backlog = 128;

    /// <summary>Binds both; with port 0 to any port that is free in both protocols.</summary>
    /// <exception cref="DiscoveryException">The address cannot be bound.</exception>
    public static GossipPort Open(IPEndPoint listen)
    {
        for (var attempt = 1; ; attempt++)
        {
            var packets = new Socket(listen.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
            var listener = new Socket(listen.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                packets.Bind(listen);
                listener.Bind(packets.LocalEndPoint!);
                listener.Listen(Backlog);
                return new GossipPort(packets, listener, (IPEndPoint)packets.LocalEndPoint!);
            }
            catch (SocketException exception)
            {
                packets.Dispose();
                listener.Dispose();
                if (listen.Port != 0 || attempt == Attempts)
                {
                    throw new DiscoveryException($"Gossip cannot listen at {listen}: {exception.Message}. Stop what uses the port or set Grid:Discovery:Gossip:Listen.", exception);
                }
            }
        }
    }
}
