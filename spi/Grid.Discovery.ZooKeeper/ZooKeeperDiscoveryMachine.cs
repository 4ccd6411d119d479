using System.Collections.Immutable;
using System.Diagnostics;
using Grid.Spi;

namespace Grid.Discovery.ZooKeeper;

/// <summary>
/// How the local node stands to the registry, and what its watcher is to see. Pure: events in, the snapshot to publish out, or
/// <see langword="null"/> when nothing has changed for the watcher.
/// </summary>
/// <remarks>
/// A session is opened (for a member or a client) and connected. When it is suspended, the last members stay; when it is back, they stay too until they have been read
/// anew: only a view read since then is Connected. A member is Lost, once and until the next session is opened, when its session has expired, when the fence has passed, or when its record is gone
/// although the session lives. A client is never Lost: it opens its next session by itself.
/// </remarks>
internal sealed class ZooKeeperDiscoveryMachine
{
    private ImmutableArray<NodeInfo> _members = [];
    private NodeKey? _local;
    private bool _isOpen;
    private bool _isConnected;
    private bool _isCurrent;
    private bool _isLost;
    private bool _isFirstView;
    private long _version;
    private long _versionOffset;
    private DiscoverySnapshot? _published;

    /// <summary>Counts the losses of the connection; a read that began before the last one does not make the view current.</summary>
    public int Epoch { get; private set; }

    public DiscoveryLink Link => (_isLost, _isConnected && _isCurrent) switch
    {
        (true, _) => DiscoveryLink.Lost,
        (false, true) => DiscoveryLink.Connected,
        (false, false) => DiscoveryLink.Suspended,
    };

    /// <summary>Whether the registration of the local node is in force as far as events tell; the clock may know better.</summary>
    public bool IsMember => _isOpen && _local is not null && !_isLost;

    /// <summary>What the watcher is to see now.</summary>
    public DiscoverySnapshot? Latest => _published;

    /// <summary>The join order of the local node; <see langword="null"/> while it is no member or has not been seen.</summary>
    public long? LocalJoinOrder => IsMember ? _members.FirstOrDefault(member => member.Key == _local)?.JoinOrder : null;

    /// <summary>Whether the local node is the member that joined first: it tidies up for all.</summary>
    public bool IsEldest => IsMember && !_members.IsEmpty && _members[0].Key == _local;

    /// <summary>A session is open and, for a member, the record registered.</summary>
    /// <param name="local">The membership; <see langword="null"/> for a client.</param>
    public void OnOpened(NodeKey? local)
    {
        _local = local;
        _isOpen = _isConnected = _isFirstView = true;
        _isCurrent = _isLost = false;
        Epoch++;
    }

    /// <summary>The connection was lost; the session may live on.</summary>
    public DiscoverySnapshot? OnSuspended()
    {
        _isConnected = _isCurrent = false;
        Epoch++;
        return Publish([]);
    }

    /// <summary>A server serves the session again; the view follows with the next read.</summary>
    public void OnReconnected() => _isConnected = true;

    /// <summary>The session has ended, or its fence has passed.</summary>
    public DiscoverySnapshot? OnLost()
    {
        _isLost = _local is not null;
        _isConnected = _isCurrent = false;
        return Publish([]);
    }

    /// <summary>The members were read.</summary>
    /// <param name="epoch"><see cref="Epoch"/> when the list was asked for.</param>
    /// <param name="pzxid">The transaction that last changed the list.</param>
    /// <param name="members">By join order.</param>
    /// <param name="departed">Memberships that ended on purpose since the read before.</param>
    public DiscoverySnapshot? OnRead(int epoch, long pzxid, ImmutableArray<NodeInfo> members, ImmutableArray<NodeKey> departed)
    {
        if (_isLost || !_isOpen)
        {
            return null;
        }

        // Somebody removed the record, or no server knows of it: the others have seen the node go.
        if (_local is { } local && !members.Any(member => member.Key == local))
        {
            return OnLost();
        }

        _members = members;
        _version = ToVersion(pzxid);
        _isCurrent = _isConnected && epoch == Epoch;
        return Publish(departed);
    }

    /// <summary>The session was closed: by a stop, before a rejoin, or because opening it failed half-way.</summary>
    public void OnClosed()
    {
        _isOpen = _isConnected = _isCurrent = false;
        _isLost = _local is not null;
    }

    /// <summary>A registry that was made anew counts its transactions from the start; the versions must go on.</summary>
    private long ToVersion(long pzxid)
    {
        if (_isFirstView)
        {
            _isFirstView = false;
            _versionOffset = _version == 0 ? 0 : Math.Max(_versionOffset, _version + 1 - pzxid);
        }

        Debug.Assert(pzxid + _versionOffset >= _version, "Within a session a client never goes back in time.");
        return pzxid + _versionOffset;
    }

    private DiscoverySnapshot? Publish(ImmutableArray<NodeKey> departed)
    {
        var snapshot = new DiscoverySnapshot(_version, _members, departed, Link);
        var isNews = _published is null || departed.Length > 0 || _published.Version != snapshot.Version || _published.Link != snapshot.Link;
        _published = snapshot;
        return isNews ? snapshot : null;
    }
}
