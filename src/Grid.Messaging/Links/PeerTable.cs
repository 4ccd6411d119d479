using System.Collections.Concurrent;

namespace Grid.Messaging.Links;

/// <summary>The peers by key.</summary>
internal sealed class PeerTable(MessengerContext context)
{
    private readonly ConcurrentDictionary<NodeKey, Peer> _peers = new();
    private readonly Lock _gate = new();

    public IEnumerable<Peer> All => _peers.Select(entry => entry.Value);

    public Peer? Find(NodeKey key) => _peers.GetValueOrDefault(key);

    public ulong LastLinkOf(NodeKey key) => Find(key)?.Outbox.Connection.LastLink ?? 0;

    /// <summary>The peer for a record, which replaces an older record of the same key.</summary>
    /// <exception cref="CommunicationException">There are too many peers.</exception>
    public Peer GetOrAdd(NodeInfo node)
    {
        var peer = Find(node.Key) ?? Add(node, isKnownByLinkOnly: false)
            ?? throw new CommunicationException($"{context.Options.PeersMax} peers are known already; forget those that left, or raise {nameof(MessengerOptions.PeersMax)}.");
        if (!ReferenceEquals(peer.Node, node))
        {
            peer.Node = node;
            peer.Outbox.Connection.IsKnownByLinkOnly = false;
        }

        return peer;
    }

    /// <summary>The peer that has authenticated itself on a link, or <see langword="null"/> when there are too many.</summary>
    public Peer? FindOrAddByLink(NodeKey key, string name) =>
        Find(key) ?? Add(new NodeInfo { Id = key.Id, Incarnation = key.Incarnation, Name = name }, isKnownByLinkOnly: true);

    public Peer? Remove(NodeKey key) => _peers.TryRemove(key, out var peer) ? peer : null;

    private Peer? Add(NodeInfo node, bool isKnownByLinkOnly)
    {
        lock (_gate)
        {
            if (Find(node.Key) is { } present)
            {
                return present;
            }

            if (_peers.Count >= context.Options.PeersMax)
            {
                return null;
            }

            var peer = new Peer(node, context);
            peer.Outbox.Connection.IsKnownByLinkOnly = isKnownByLinkOnly;
            _peers[node.Key] = peer;
            return peer;
        }
    }
}
