using System.Collections.Immutable;
using System.Security.Cryptography;
using Grid.Communication.Tcp;
using Grid.Messaging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Grid.Benchmarks.Links;

/// <summary>A messenger over TCP on loopback, and nothing above it.</summary>
internal sealed class BareNode : IAsyncDisposable
{
    private static readonly ClusterId Cluster = new(1);

    private BareNode(Messenger messenger, NodeInfo info)
    {
        Messenger = messenger;
        Info = info;
    }

    public Messenger Messenger { get; }

    public NodeInfo Info { get; }

    public static async Task<BareNode> StartAsync(string name, TlsOptions? tls = null, Action<Messenger>? register = null)
    {
        var communication = new TcpCommunication(new TcpCommunicationOptions { Listen = new NodeEndpoint("127.0.0.1", 0), Tls = tls }, NullLogger<TcpCommunication>.Instance);
        var messenger = new Messenger(new MessengerOptions(), communication, new MessengerServices(TimeProvider.System, 1, NullLoggerFactory.Instance));
        register?.Invoke(messenger);
        var endpoints = await messenger.ListenAsync(CancellationToken.None);
        var id = new NodeId(new UInt128(BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(8)), BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(8))));
        var info = new NodeInfo { Id = id, Name = name, Endpoints = [.. endpoints] };
        messenger.Start(new LocalPeer(info, Cluster));
        return new BareNode(messenger, info);
    }

    /// <summary>The record of the other process, from its ready line.</summary>
    public static NodeInfo Parse(string ready)
    {
        var parts = ready.Split(' ');
        return new NodeInfo { Id = NodeId.Parse(parts[0]), Name = "peer", Endpoints = [NodeEndpoint.Parse(parts[1])] };
    }

    public ValueTask DisposeAsync() => Messenger.DisposeAsync();
}
