using Grid.Communication.Tcp;
using Grid.Messaging;

namespace Grid.Benchmarks.Links;

/// <summary>The other process of suite <c>link</c>: a node that answers echo requests with their payload and blob requests with one byte.</summary>
internal static class LinkPeer
{
    public const byte Echo = 1;
    public const byte Blob = 2;

    /// <param name="args">Nothing, or the files with the certificate and the root under which the other's was issued.</param>
    public static async Task<int> RunAsync(string[] args)
    {
        var handler = new Handler();
        var tls = args is [var certificate, var root] ? new TlsOptions { Certificate = certificate, TrustedRoot = root } : null;
        await using var node = await BareNode.StartAsync("peer", tls, messenger =>
        {
            messenger.Handle(Echo, handler);
            messenger.Handle(Blob, handler);
        });
        Console.WriteLine($"{node.Info.Id} {node.Info.Endpoints[0]}");
        while (await Console.In.ReadLineAsync() is not null)
        {
            Console.WriteLine($"{GC.GetTotalAllocatedBytes(precise: true)}");
        }

        return 0;
    }

    private sealed class Handler : IMessageHandler
    {
        public void OnMessage(Peer from, in IncomingMessage message) =>
            from.Reply(message.RequestId, message.Lane, message.Kind == Echo ? message.Payload : message.Payload[..1]);
    }
}
