using Grid.Kernel.Gossip.Wire;

namespace Grid.Kernel.Gossip;

/// <summary>
/// Spreads the figures of the members by push-pull anti-entropy. It takes messages, samples, views and the time, and hands its own messages to a
/// transport; it reads no clock and waits for nothing. One thread calls it.
/// </summary>
/// <remarks>
/// Each period it sends a few peers a digest: of each member, which version it knows. A peer replies with what it knows better, as the difference to the version
/// in the digest, and with the members of which it wants to hear more; those are answered with differences too. Whatever does not fit a message is left for a later one: a digest
/// goes on where the last one ended, a reply starts with what is most outdated. A client asks and has nothing to tell.
/// </remarks>
internal sealed class GossipMachine(GossipOptions options, Random random, NodeId? local)
{
    /// <summary>The part of a reply that its wants may take; the rest is for differences.</summary>
    private const int WantsShare = 4;

    private readonly GossipTable _table = new();
    private readonly GossipPeers _peers = new(random, options.PeerRotationPeriods);
    private readonly GossipWriter _writer = new(options.MessageBytesMax);
    private readonly List<(ulong Rank, GossipStamp Stamp)> _news = [];
    private readonly List<(ulong Rank, GossipStamp Stamp)> _wants = [];
    private NodeInfo? _self;
    private int _cursor;
    private uint _version; // Of the local figures; never goes back, whatever the view does.

    /// <summary>The members and what is known of them, in the order of their ids.</summary>
    public IReadOnlyList<GossipEntry> Entries => _table.Entries;

    /// <summary>The members that this node starts conversations with.</summary>
    public IReadOnlyList<NodeKey> Neighbours => _peers.Neighbours;

    public TimeSpan StaleAfter => MetricsAging.StaleAfter(options.Period, _table.Entries.Count);

    public TimeSpan UnknownAfter => MetricsAging.UnknownAfter(options.Period, _table.Entries.Count);

    public void OnView(TopologyView view)
    {
        _table.OnView(view);
        _peers.OnView(view, local);
        _self = local is { } id ? view.Find(id) : null;
    }

    /// <summary>The local node has measured itself; not taken while it is no member.</summary>
    public void OnSample(ReadOnlySpan<long> values, TimeSpan now)
    {
        if (_self is { } self)
        {
            _table.Find(self.Key)!.TakeSample(++_version, values, now);
        }
    }

    /// <summary>A period has passed.</summary>
    public void OnTick(TimeSpan now, IGossipTransport transport)
    {
        ForgetSilent(now);
        foreach (var peer in _peers.Draw(local is null ? 1 : options.PeersPerPeriod))
        {
            WriteDigest();
            transport.Send(peer, GossipKinds.Digest, _writer.Written);
        }
    }

    /// <summary>Drops the figures of nodes that have been silent for too long; a tick does it too.</summary>
    public void ForgetSilent(TimeSpan now) => _table.Forget(now, UnknownAfter, local);

    /// <summary>A message of a peer has arrived.</summary>
    /// <returns>False when it is malformed.</returns>
    public bool OnMessage(NodeKey from, byte kind, ReadOnlySpan<byte> payload, TimeSpan now, IGossipTransport transport)
    {
        var reader = new GossipReader(payload);
        if (!reader.TryReadVersion())
        {
            return false;
        }

        return kind switch
        {
            GossipKinds.Digest => TryAnswer(from, ref reader, now, transport),
            GossipKinds.Reply or GossipKinds.Delta => TryTakeReply(from, ref reader, now, transport),
            _ => false,
        };
    }

    /// <summary>A member's figures were read from its record in the registry.</summary>
    /// <returns>False when they are malformed.</returns>
    public bool OnPublished(ReadOnlySpan<byte> difference, TimeSpan now)
    {
        var reader = new GossipReader(difference);
        return reader.TryReadVersion() && _table.TryMerge(ref reader, now, UnknownAfter, local);
    }

    /// <summary>The local node's figures as they are written into its record in the registry; empty before the first sample. Valid until the next call.</summary>
    public ReadOnlySpan<byte> WriteLocal(TimeSpan now)
    {
        if (_self is null || _table.Find(_self.Key) is not { Version: > 0 } entry)
        {
            return [];
        }

        _writer.Begin();
        return _writer.TryWriteDifference(entry, 0, now) ? _writer.Written : [];
    }

    private void WriteDigest()
    {
        _writer.Begin();
        _writer.WriteFlags(local is null ? GossipWriter.AsksOnly : (byte)0);
        var entries = _table.Entries;
        var written = 0;
        while (written < entries.Count)
        {
            var entry = entries[(_cursor + written) % entries.Count];
            if (!_writer.TryWriteStamp(entry.Node.Key, entry.Version))
            {
                break;
            }

            written++;
        }

        // The next digest goes on where this one ended.
        _cursor = entries.Count == 0 ? 0 : (_cursor + written) % entries.Count;
    }

    private bool TryAnswer(NodeKey from, ref GossipReader reader, TimeSpan now, IGossipTransport transport)
    {
        _news.Clear();
        _wants.Clear();
        if (!reader.TryReadByte(out var flags))
        {
            return false;
        }

        while (!reader.IsAtEnd)
        {
            if (!reader.TryReadStamp(out var theirs))
            {
                return false;
            }

            Compare(theirs, now, (flags & GossipWriter.AsksOnly) == 0);
        }

        _writer.Begin();
        WriteWants();
        WriteNews(now);
        transport.Send(from, GossipKinds.Reply, _writer.Written);
        return true;
    }

    private void Compare(GossipStamp theirs, TimeSpan now, bool mayAsk)
    {
        if (_table.Find(theirs.Key) is not { } entry)
        {
            return;
        }

        if (entry.Version > theirs.Version && entry.AgeAt(now) < UnknownAfter)
        {
            _news.Add((Rank(theirs.Version, entry.Version), theirs));
        }
        else if (entry.Version < theirs.Version && mayAsk && entry.Node.Id != local)
        {
            _wants.Add((Rank(entry.Version, theirs.Version), theirs with { Version = entry.Version }));
        }
    }

    private void WriteWants()
    {
        MostWantedFirst(_wants);
        var most = options.MessageBytesMax / WantsShare / GossipWriter.StampBytesMax;
        var count = Math.Min(most, _wants.Count);
        _writer.WriteNumber((ulong)count);
        for (var i = 0; i < count; i++)
        {
            _writer.TryWriteStamp(_wants[i].Stamp.Key, _wants[i].Stamp.Version);
        }
    }

    private void WriteNews(TimeSpan now)
    {
        MostWantedFirst(_news);
        foreach (var (_, stamp) in _news)
        {
            if (_table.Find(stamp.Key) is { } entry && entry.Version > stamp.Version && !_writer.TryWriteDifference(entry, stamp.Version, now))
            {
                break;
            }
        }
    }

    private bool TryTakeReply(NodeKey from, ref GossipReader reader, TimeSpan now, IGossipTransport transport)
    {
        _news.Clear();
        if (!reader.TryReadNumber((ulong)(options.MessageBytesMax / WantsShare), out var wants))
        {
            return false;
        }

        for (var i = 0UL; i < wants; i++)
        {
            if (!reader.TryReadStamp(out var stamp))
            {
                return false;
            }

            _news.Add((ulong.MaxValue - i, stamp)); // In the order in which they are wanted.
        }

        var isWhole = _table.TryMerge(ref reader, now, UnknownAfter, local);
        if (_news.Count > 0)
        {
            _writer.Begin();
            _writer.WriteNumber(0);
            WriteNews(now);
            transport.Send(from, GossipKinds.Delta, _writer.Written);
        }

        return isWhole;
    }

    /// <summary>How much a member is wanted: by how many versions somebody is behind, chance among equals, or all would send the same few.</summary>
    private ulong Rank(uint before, uint version) => ((ulong)(before == 0 ? uint.MaxValue : version - before) << 32) | (uint)random.Next();

    private static void MostWantedFirst(List<(ulong Rank, GossipStamp Stamp)> stamps) =>
        stamps.Sort(static (left, right) => right.Rank.CompareTo(left.Rank));
}
