using System.Numerics;

namespace Grid.Kernel.Gossip;

/// <summary>
/// Whom a node talks to: a small random set of members, of which a few are drawn each period and one is replaced now and then. Each node keeping log2 n + 3 of them joins
/// all in one graph with next to certainty (P. Erdős and A. Rényi, 1960), spreads news as fast as drawing from everybody, and costs few links instead of n.
/// </summary>
internal sealed class GossipPeers(Random random, int rotationPeriods)
{
    private const int SpareNeighbours = 3;

    private readonly List<NodeKey> _neighbours = [];
    private NodeKey[] _others = [];
    private int _ticks;

    /// <summary>The members that the node talks to at present.</summary>
    public IReadOnlyList<NodeKey> Neighbours => _neighbours;

    public void OnView(TopologyView view, NodeId? local)
    {
        _others = [.. view.Nodes.Where(node => node.Id != local).Select(node => node.Key)];
        _neighbours.RemoveAll(key => view.Find(key.Id)?.Key != key);
        Fill();
    }

    /// <summary>Draws the peers of a period; the result is valid until the next call.</summary>
    public ReadOnlySpan<NodeKey> Draw(int count)
    {
        Rotate();
        var drawn = Math.Min(count, _neighbours.Count);
        for (var i = 0; i < drawn; i++)
        {
            var other = random.Next(i, _neighbours.Count);
            (_neighbours[i], _neighbours[other]) = (_neighbours[other], _neighbours[i]);
        }

        return System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_neighbours)[..drawn];
    }

    private void Rotate()
    {
        if (++_ticks % rotationPeriods == 0 && _neighbours.Count < _others.Length)
        {
            _neighbours.RemoveAt(random.Next(_neighbours.Count));
            Fill();
        }
    }

    private void Fill()
    {
        var wanted = Math.Min(_others.Length, BitOperations.Log2((uint)_others.Length + 1) + 1 + SpareNeighbours);
        while (_neighbours.Count < wanted)
        {
            var candidate = _others[random.Next(_others.Length)];
            if (!_neighbours.Contains(candidate))
            {
                _neighbours.Add(candidate);
            }
        }
    }
}
