using System.Numerics;
using Grid.Kernel.Gossip.Wire;

namespace Grid.Kernel.Gossip;

/// <summary>
/// The entries of the members, and of nobody else: what is said about a node or an incarnation that discovery does not list is not taken, so memory is
/// bounded by the membership and a former incarnation never shows through.
/// </summary>
internal sealed class GossipTable
{
    private readonly Dictionary<NodeId, GossipEntry> _byId = [];

    /// <summary>The entries in the order of the ids.</summary>
    public IReadOnlyList<GossipEntry> Entries { get; private set; } = [];

    /// <summary>Takes a view over: entries of nodes that are gone or came back under another incarnation are dropped.</summary>
    public void OnView(TopologyView view)
    {
        foreach (var id in _byId.Keys.Where(id => view.Find(id) is null).ToArray())
        {
            _byId.Remove(id);
        }

        foreach (var node in view.Nodes)
        {
            if (_byId.TryGetValue(node.Id, out var entry) && entry.Node.Key == node.Key)
            {
                entry.Node = node;
            }
            else
            {
                _byId[node.Id] = new GossipEntry(node) { IsUnpublished = true };
            }
        }

        Entries = [.. _byId.Values.OrderBy(entry => entry.Node.Id)];
    }

    /// <summary>The entry of a membership, or null when it is not in the view.</summary>
    public GossipEntry? Find(NodeKey key) => _byId.TryGetValue(key.Id, out var entry) && entry.Node.Incarnation == key.Incarnation ? entry : null;

    /// <summary>Forgets what is older than a limit: another node that says nothing is unknown.</summary>
    public void Forget(TimeSpan now, TimeSpan ageMax, NodeId? local)
    {
        foreach (var entry in Entries)
        {
            if (entry.Version > 0 && entry.Node.Id != local && entry.AgeAt(now) >= ageMax)
            {
                entry.Forget();
            }
        }
    }

    /// <summary>Takes the differences at the end of a message, those that are news and fit what is known.</summary>
    /// <param name="reader">The message, read up to the differences.</param>
    /// <param name="now">The time.</param>
    /// <param name="ageMax">What is older is not taken.</param>
    /// <param name="local">The local node, of which nobody else knows more; null for a client.</param>
    /// <returns>False when the message is malformed; what was read before is kept.</returns>
    public bool TryMerge(ref GossipReader reader, TimeSpan now, TimeSpan ageMax, NodeId? local)
    {
        while (!reader.IsAtEnd)
        {
            if (!reader.TryReadDifference(out var difference))
            {
                return false;
            }

            var entry = Find(difference.Key);
            var isTaken = entry is not null && entry.Node.Id != local && difference.Version > entry.Version && difference.Since <= entry.Version && difference.Age < ageMax;
            if (!TryReadFigures(ref reader, difference, isTaken ? entry : null, now))
            {
                return false;
            }
        }

        return true;
    }

    private static bool TryReadFigures(ref GossipReader reader, in GossipDifference difference, GossipEntry? entry, TimeSpan now)
    {
        Span<long> figures = stackalloc long[MetricSample.FieldsMax];
        for (var bits = difference.Known; bits != 0; bits &= bits - 1)
        {
            if (!reader.TryReadFigure(out figures[BitOperations.TrailingZeroCount(bits)]))
            {
                return false;
            }
        }

        if (entry is null)
        {
            return true;
        }

        // A difference to nothing says everything: what it does not name is unknown.
        var known = entry.Values.Length;
        var changed = difference.Since > 0 ? difference.Changed : difference.Changed | (known >= MetricSample.FieldsMax ? ulong.MaxValue : (1UL << known) - 1);
        entry.Begin(difference.Version, now - difference.Age, MetricSample.FieldsMax - BitOperations.LeadingZeroCount(difference.Changed));
        for (var bits = changed; bits != 0; bits &= bits - 1)
        {
            var field = BitOperations.TrailingZeroCount(bits);
            entry.Merge(field, (difference.Known & (1UL << field)) != 0 ? figures[field] : MetricSample.Unknown);
        }

        return true;
    }
}
