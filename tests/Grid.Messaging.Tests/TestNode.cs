using System.Collections.Immutable;
using Grid.Spi;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Grid.Messaging.Tests;

/// <summary>A messenger under test, with a handler that echoes requests of kind 1 and counts one-way messages of kind 2.</summary>
internal sealed class TestNode : IAsyncDisposable, IMessageHandler, ILinkObserver
{
    public const byte Echo = 1;
    public const byte Note = 2;
    public const byte Silent = 3;

    public static readonly TimeSpan Guard = TimeSpan.FromSeconds(30);
    public static readonly ClusterId Cluster = new(77);

    private int _notes;
    private int _linksUp;
    private int _linksDown;

    private TestNode(Messenger messenger, NodeInfo info)
    {
        Messenger = messenger;
        Info = info;
    }

    public Messenger Messenger { get; }

    public NodeInfo Info { get; private set; }

    public int Notes => Volatile.Read(ref _notes);

    public int LinksUp => Volatile.Read(ref _linksUp);

    public int LinksDown => Volatile.Read(ref _linksDown);

    /// <summary>Requests of kind <see cref="Silent"/> are not answered; the last one's id.</summary>
    public long SilentRequestId { get; private set; }

    /// <summary>Why attempts to link failed, in order.</summary>
    public System.Collections.Concurrent.ConcurrentQueue<GridException> DialFailures { get; } = new();

    public IncomingCopy? LastRequest { get; private set; }

    public static async Task<TestNode> StartAsync(
        ICommunicationSpi communication, uint id, MessengerOptions? options = null, TimeProvider? time = null, Action<Messenger>? register = null)
    {
        var messenger = Create(communication, id, options, time);
        register?.Invoke(messenger);
        return Start(messenger, id, await messenger.ListenAsync(CancellationToken.None));
    }

    /// <summary>Starts a node that does not listen.</summary>
    public static TestNode StartClient(ICommunicationSpi communication, uint id) => Start(Create(communication, id, null, null), id, []);

    public Peer PeerOf(TestNode other) => Messenger.GetPeer(other.Info);

    public void OnMessage(Peer from, in IncomingMessage message)
    {
        switch (message.Kind)
        {
            case Echo:
                LastRequest = new IncomingCopy(message.Payload.ToArray(), message.Lane, message.Trace);
                from.Reply(message.RequestId, message.Lane, message.Payload);
                break;
            case Silent:
                SilentRequestId = message.RequestId;
                break;
            default:
                Interlocked.Increment(ref _notes);
                break;
        }
    }

    public void OnLinkUp(Peer peer) => Interlocked.Increment(ref _linksUp);

    public void OnLinkDown(Peer peer, GridException? reason) => Interlocked.Increment(ref _linksDown);

    public void OnDialFailed(Peer peer, GridException reason) => DialFailures.Enqueue(reason);

    public void Rejoin()
    {
        Info = Info with { Incarnation = Info.Incarnation + 1 };
        Messenger.Rejoin(Info);
    }

    public ValueTask DisposeAsync() => Messenger.DisposeAsync();

    private static Messenger Create(ICommunicationSpi communication, uint id, MessengerOptions? options, TimeProvider? time) =>
        new(options ?? new MessengerOptions(), communication, new MessengerServices(time ?? TimeProvider.System, (int)id, NullLoggerFactory.Instance));

    private static TestNode Start(Messenger messenger, uint id, IReadOnlyList<NodeEndpoint> endpoints)
    {
        var info = new NodeInfo { Id = new NodeId(id), Name = $"node-{id}", Endpoints = [.. endpoints] };
        var node = new TestNode(messenger, info);
        foreach (var kind in (byte[])[Echo, Note, Silent])
        {
            messenger.Handle(kind, node);
        }

        messenger.Observer = node;
        messenger.Start(new LocalPeer(info, Cluster));
        return node;
    }

    internal sealed record IncomingCopy(byte[] Payload, Lane Lane, System.Diagnostics.ActivityContext Trace);
}
