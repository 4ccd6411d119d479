namespace Grid.Kernel.ForkJoin.Stealing;

/// <summary>
/// What one node does in a computation that spans several: whom it asks for work, how much it gives, what it keeps for whom. Pure: events in, effects out; one owner.
/// </summary>
/// <remarks>
/// <para>
/// A node without work asks one random peer at a time. After a few refusals it rests: it asks its lifelines (V. Saraswat, P. Kambadur, S. Kodali, D. Grove,
/// S. Krishnamoorthy: Lifeline-based Global Load Balancing, PPoPP 2011), who remember it and send work when they have some. The lifelines of a member are those at
/// distances 1, 2, 4 and so on in the ring of all members, so that work reaches everybody in a logarithm of steps.
/// </para>
/// <para>
/// What a peer has taken stays here under a number that is used once: the fence. Its outcome is taken from that peer, once; when the peer is lost, what it had
/// is run here again, and an outcome that comes later finds no such number.
/// </para>
/// <para>
/// A doubtful peer, one that cannot be reached or says that its work gets nowhere, is neither asked nor sent work as long as another is well. One that asks gets its answer, and what it has
/// stays with it: doubt is not loss.
/// </para>
/// </remarks>
/// <typeparam name="TTask">What is lent.</typeparam>
/// <param name="self">The node.</param>
/// <param name="options">The limits.</param>
/// <param name="random">Chooses victims.</param>
/// <param name="lastNumber">The numbers begin above it: no machine of this node may use one again, because an outcome of a former session of the same computation may still be on its way.</param>
internal sealed class StealMachine<TTask>(NodeKey self, ForkJoinOptions options, Random random, long lastNumber)
{
    private readonly Dictionary<long, (NodeKey Thief, TTask Task)> _lent = [];
    private readonly List<NodeKey> _waiting = [];
    private readonly HashSet<NodeKey> _unable = [];
    private HashSet<NodeKey> _doubtful = [];
    private NodeKey[] _peers = [];

    // Of the peers those that are well; all when none is.
    private NodeKey[] _victims = [];
    private (NodeKey Victim, long Number)? _asked;
    private bool _isResting;
    private int _refusals;
    private long _lastNumber = lastNumber;
    private double _meanMicroseconds;

    /// <summary>The others.</summary>
    public IReadOnlyList<NodeKey> Peers => _peers;

    /// <summary>Whether a peer is to be sent work as soon as there is some.</summary>
    public bool IsWorkWanted => NextWaiting >= 0;

    /// <summary>Whether the node waits for its lifelines.</summary>
    public bool IsResting => _isResting;

    /// <summary>The peers that have tasks of this node.</summary>
    public IEnumerable<NodeKey> Thieves => _lent.Values.Select(lent => lent.Thief).Distinct();

    /// <summary>How many tasks are with others.</summary>
    public int LentCount => _lent.Count;

    // Whose turn it is among those that wait to be sent work; -1 for nobody's.
    private int NextWaiting => _waiting.FindIndex(peer => !_doubtful.Contains(peer) || _victims.All(_doubtful.Contains));

    /// <summary>There is nothing to do here.</summary>
    public IReadOnlyList<AskEffect> OnIdle()
    {
        if (_asked is not null || _isResting || _peers.Length == 0)
        {
            return [];
        }

        _refusals = 0;
        return [AskRandom()];
    }

    /// <summary>A peer has answered, or sent work as a lifeline.</summary>
    /// <param name="from">The peer.</param>
    /// <param name="number">The request that it answers.</param>
    /// <param name="tasks">How many tasks it has sent.</param>
    public IReadOnlyList<AskEffect> OnLoot(NodeKey from, long number, int tasks)
    {
        var isAnswer = _asked == (from, number);
        if (isAnswer)
        {
            _asked = null;
        }

        if (tasks > 0)
        {
            _isResting = false;
            return [];
        }

        return isAnswer ? AskNext() : [];
    }

    /// <summary>A peer asks for work.</summary>
    /// <param name="from">The peer.</param>
    /// <param name="isLifeline">Whether it is to be remembered when there is none.</param>
    /// <param name="queued">How many tasks could be taken.</param>
    /// <returns>How many to give: at once, even if none.</returns>
    public int OnAsked(NodeKey from, bool isLifeline, int queued)
    {
        if (_unable.Contains(from))
        {
            return 0;
        }

        var batch = BatchOf(queued);
        if (batch == 0 && isLifeline && !_waiting.Contains(from) && _waiting.Count < StealWire.MembersMax)
        {
            _waiting.Add(from);
        }

        return batch;
    }

    /// <summary>There is work, and a peer may be waiting for some.</summary>
    /// <param name="queued">How many tasks could be taken.</param>
    /// <param name="to">Who gets some; the one that has waited longest.</param>
    /// <returns>How many to give; 0 when there is nobody, or nothing.</returns>
    public int TakeWaiting(int queued, out NodeKey to)
    {
        to = default;
        var batch = BatchOf(queued);
        if (batch == 0 || NextWaiting is not (>= 0 and var next))
        {
            return 0;
        }

        to = _waiting[next];
        _waiting.RemoveAt(next);
        return batch;
    }

    /// <summary>Keeps a task that goes to a peer.</summary>
    /// <returns>The number under which its outcome will be taken.</returns>
    public long Lend(NodeKey to, TTask task)
    {
        _lent.Add(++_lastNumber, (to, task));
        return _lastNumber;
    }

    /// <summary>A task has not gone where it was lent to.</summary>
    /// <returns>The task, to be run here.</returns>
    public TTask TakeBack(long number) => _lent.Remove(number, out var lent) ? lent.Task : throw new ArgumentOutOfRangeException(nameof(number), number, "No task is lent under this number.");

    /// <summary>The outcome of a task has come.</summary>
    /// <param name="from">From whom.</param>
    /// <param name="number">The number under which it was lent.</param>
    /// <param name="microseconds">How long it ran there.</param>
    /// <param name="task">The task.</param>
    /// <returns>False when that peer does not have it: it was run again meanwhile, or its outcome has come before.</returns>
    public bool TryReturn(NodeKey from, long number, int microseconds, out TTask? task)
    {
        task = default;
        if (!_lent.TryGetValue(number, out var lent) || lent.Thief != from)
        {
            return false;
        }

        _lent.Remove(number);
        _meanMicroseconds += (Math.Max(0, microseconds) - _meanMicroseconds) / 8;
        task = lent.Task;
        return true;
    }

    /// <summary>A peer cannot read this computation's tasks: it gets no more.</summary>
    public void OnUnable(NodeKey peer)
    {
        _unable.Add(peer);
        _waiting.Remove(peer);
    }

    /// <summary>The members have changed.</summary>
    /// <param name="members">Who takes part now.</param>
    /// <returns>The tasks of those that have left, to be run here, and whom to ask.</returns>
    public (IReadOnlyList<TTask> Returned, IReadOnlyList<AskEffect> Asks) OnMembers(IEnumerable<NodeKey> members)
    {
        var before = _peers;
        _peers = [.. members.Where(key => key != self).Distinct()];
        ChooseVictims();
        List<TTask> returned = [];
        List<AskEffect> asks = [];
        foreach (var gone in before.Except(_peers))
        {
            var lost = OnLost(gone);
            returned.AddRange(lost.Returned);
            asks.AddRange(lost.Asks);
        }

        if (_isResting && asks.Count == 0 && !_peers.ToHashSet().SetEquals(before))
        {
            asks.AddRange(AskAgain());
        }

        return (returned, asks);
    }

    /// <summary>Other peers are doubtful than before, or no longer.</summary>
    /// <param name="doubtful">All that are.</param>
    /// <returns>Whom to ask: somebody else than one that will hardly answer.</returns>
    public IReadOnlyList<AskEffect> OnHealth(IEnumerable<NodeKey> doubtful)
    {
        HashSet<NodeKey> now = [.. doubtful];
        if (now.SetEquals(_doubtful))
        {
            return [];
        }

        _doubtful = now;
        ChooseVictims();
        if (_asked is { } asked && now.Contains(asked.Victim))
        {
            _asked = null;
            return AskNext();
        }

        return _isResting ? AskAgain() : [];
    }

    /// <summary>What a peer was sent, or has sent, may be lost: its link is down, or it has left.</summary>
    /// <returns>The tasks that it had, to be run here, and whom to ask.</returns>
    public (IReadOnlyList<TTask> Returned, IReadOnlyList<AskEffect> Asks) OnLost(NodeKey peer)
    {
        _waiting.Remove(peer);
        var numbers = _lent.Where(pair => pair.Value.Thief == peer).Select(pair => pair.Key).Order().ToArray();
        List<TTask> returned = [.. numbers.Select(number => _lent[number].Task)];
        Array.ForEach(numbers, number => _lent.Remove(number));
        if (_asked?.Victim == peer)
        {
            _asked = null;
            return (returned, AskNext());
        }

        return (returned, _isResting && _peers.Contains(peer) ? AskAgain() : []);
    }

    /// <summary>Now and then, in case a message was lost: a node without work asks again.</summary>
    public IReadOnlyList<AskEffect> OnTick()
    {
        if (_asked is null && !_isResting)
        {
            return [];
        }

        _asked = null;
        return AskAgain();
    }

    private IReadOnlyList<AskEffect> AskAgain()
    {
        _isResting = false;
        return OnIdle();
    }

    private IReadOnlyList<AskEffect> AskNext()
    {
        if (_peers.Length == 0)
        {
            return [];
        }

        if (++_refusals < options.TriesMax)
        {
            return [AskRandom()];
        }

        _isResting = true;
        return [.. Lifelines().Select(peer => new AskEffect(peer, ++_lastNumber, IsLifeline: true))];
    }

    private AskEffect AskRandom()
    {
        var victim = _victims[random.Next(_victims.Length)];
        _asked = (victim, ++_lastNumber);
        return new AskEffect(victim, _lastNumber, IsLifeline: false);
    }

    private IEnumerable<NodeKey> Lifelines()
    {
        NodeKey[] ring = [.. _victims.Append(self).OrderBy(key => key.Id).ThenBy(key => key.Incarnation)];
        var here = Array.IndexOf(ring, self);
        for (var distance = 1; distance < ring.Length; distance *= 2)
        {
            yield return ring[(here + distance) % ring.Length];
        }
    }

    private void ChooseVictims()
    {
        NodeKey[] well = [.. _peers.Where(peer => !_doubtful.Contains(peer))];
        _victims = well.Length > 0 ? well : _peers;
    }

    // Half of what is queued, so that both can share again; but no more than keeps a peer busy for a while, when it is known how long tasks take.
    private int BatchOf(int queued)
    {
        var room = Math.Min(options.BatchMax, options.LentMax - _lent.Count);
        var half = Math.Min((queued + 1) / 2, room);
        var byTime = _meanMicroseconds < 1 ? half : (int)Math.Min(half, options.BatchTime.TotalMicroseconds / _meanMicroseconds);
        return half <= 0 ? 0 : Math.Max(1, byTime);
    }
}
