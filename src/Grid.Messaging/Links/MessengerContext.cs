using System.Text;
using Grid.Messaging.Handshake;
using Grid.Spi;
using Microsoft.Extensions.Logging;

namespace Grid.Messaging.Links;

/// <summary>What the parts of one messenger share. Everything but <see cref="Local"/> and <see cref="Observer"/> is fixed before the start.</summary>
internal sealed class MessengerContext
{
    private readonly Lock _chanceGate = new();
    private readonly Random _chance;
    private volatile LocalPeer? _local;

    public MessengerContext(MessengerOptions options, ICommunicationSpi communication, MessengerServices services)
    {
        Options = options;
        Communication = communication;
        Time = services.Time;
        Logger = services.Loggers.CreateLogger("Grid.Messaging");
        Metrics = new MessagingMetrics(services.Meters);
        Secret = Encoding.UTF8.GetBytes(options.ClusterSecret);
        WholeBytesMax = Math.Min(options.ChunkBytes, Frames.FrameHeader.WholeBytesMax);
        _chance = new Random(services.Seed);
        Thread = new MessengerThread(Time, options.TickInterval, Logger);
    }

    public MessengerOptions Options { get; }

    public ICommunicationSpi Communication { get; }

    public TimeProvider Time { get; }

    public ILogger Logger { get; }

    public MessagingMetrics Metrics { get; }

    public byte[] Secret { get; }

    /// <summary>Payloads up to this size travel in one frame.</summary>
    public int WholeBytesMax { get; }

    public MessengerThread Thread { get; }

    public IMessageHandler?[] Handlers { get; } = new IMessageHandler?[256];

    public IStreamHandler?[] StreamHandlers { get; } = new IStreamHandler?[256];

    public ILinkObserver? Observer { get; set; }

    /// <summary>Set before the first peer is made.</summary>
    public Dialer? Dialer { get; set; }

    /// <summary>Who the node is. Written by start and rejoin, read by every handshake.</summary>
    public LocalPeer? Local
    {
        get => _local;
        set => _local = value;
    }

    /// <summary>Makes an authenticated pipe the peer's link and begins to read from it.</summary>
    /// <returns>Whether the peer still wanted one; otherwise the pipe has been aborted.</returns>
    public bool Install(Peer peer, ICommunicationPipe pipe, in HandshakeResult handshake, bool isDialedByPeer, LocalPeer local)
    {
        var link = new Link(peer, pipe, handshake, isDialedByPeer, this) { Local = local };
        if (!peer.Outbox.Install(link))
        {
            pipe.Abort();
            return false;
        }

        if (Local != local)
        {
            // The node rejoined during the handshake: the peer knows this link by the former incarnation.
            link.Abort(Rejoined());
        }

        link.Start();
        link.Writer.FlushSoon();
        return true;
    }

    public static CommunicationException Rejoined() =>
        new("This node has joined again under a new incarnation; its former links are closed.") { MayHaveBeenDelivered = true };

    /// <summary>Full jitter: a random time up to min(most, first × 2^attempt).</summary>
    public TimeSpan BackOff(int attempt)
    {
        var bound = Math.Min(Options.BackOffMax.Ticks, Options.BackOffFirst.Ticks * Math.Pow(2, Math.Min(attempt, 30)));
        lock (_chanceGate)
        {
            return TimeSpan.FromTicks((long)(_chance.NextDouble() * bound));
        }
    }
}
