namespace Grid.Kernel.ForkJoin.Stealing;

/// <summary>
/// The other nodes of a computation, as its home keeps them: each takes part through a job that the home has submitted there, and leaves when that job ends. Belongs to the
/// thread of the <see cref="StealService"/>.
/// </summary>
internal sealed class GuestList(StealSession session, StealService service, INodeGroup grid, ForkJoinInvitation invitation, ComputationReach reach)
{
    private const int AttemptsMax = 3;

    private readonly Dictionary<NodeKey, Guest> _guests = [];
    private readonly Dictionary<NodeKey, int> _attempts = [];
    private readonly JobOptions _options = new() { Name = "fork/join", MaxAttempts = 1, Isolation = reach.Isolation };
    private bool _hasEnded;

    private IEnumerable<NodeKey> Members => _guests.Where(pair => pair.Value.HasJoined).Select(pair => pair.Key).Append(invitation.Home);

    /// <summary>Asks the nodes that may take part and do not yet; sends those away that may no more.</summary>
    public void Invite(TopologyView view)
    {
        foreach (var node in view.Nodes.Where(IsEligible))
        {
            if (!_hasEnded && CanBeReached(node) && !_guests.ContainsKey(node.Key) && _guests.Count < service.Options.NodesMax - 1 && _attempts.GetValueOrDefault(node.Key) < AttemptsMax)
            {
                Invite(node);
            }
        }

        foreach (var (key, guest) in _guests.Where(pair => view.Find(pair.Key.Id) is not { } node || node.Key != pair.Key || !IsEligible(node)).ToArray())
        {
            guest.Leave.Cancel();
            session.OnLost(key);
        }
    }

    /// <summary>A guest has begun.</summary>
    public void OnJoined(NodeKey key)
    {
        if (_guests.TryGetValue(key, out var guest))
        {
            guest.HasJoined = true;
            MembersChanged();
        }
    }

    /// <summary>Tells every guest who takes part.</summary>
    public void TellMembers()
    {
        if (_guests.Count == 0)
        {
            return;
        }

        NodeKey[] members = [.. Members];
        var message = StealWire.OfMembers(session.Id, members);
        foreach (var member in members.Where(member => member != invitation.Home))
        {
            service.Send(member, StealWire.Members, message);
        }
    }

    /// <summary>The computation is over, for everybody.</summary>
    public void End()
    {
        _hasEnded = true;
        foreach (var guest in _guests.Values)
        {
            guest.Leave.Cancel();
        }
    }

    private bool IsEligible(NodeInfo node) =>
        node.Key != invitation.Home && node.Slots > 0 && node.State == NodeState.Available && reach.Nodes?.Contains(node.Id) != false;

    // An invitation to one that cannot would use up an attempt; it is tried again at every tick.
    private bool CanBeReached(NodeInfo node) => service.Health.Of(node).Condition is not (NodeCondition.Suspect or NodeCondition.Cut);

    private void Invite(NodeInfo node)
    {
        StealLog.Invited(service.Logger, session.Id, node);
        _attempts[node.Key] = _attempts.GetValueOrDefault(node.Key) + 1;
        var guest = new Guest();
        _guests.Add(node.Key, guest);
        var taking = grid.Where(NodeSelector.ById(node.Id)).With(_options).CallAsync(ForkJoinRoot.Participate, invitation, guest.Leave.Token);
        guest.Taking = taking.ContinueWith(ended => OnLeft(node.Key, ended), CancellationToken.None, TaskContinuationOptions.DenyChildAttach, service.Scheduler);
    }

    private void OnLeft(NodeKey key, Task ended)
    {
        StealLog.GuestLeft(service.Logger, key, session.Id, ended.Exception?.GetBaseException().Message ?? "it was sent away");
        if (_guests.Remove(key, out var guest))
        {
            guest.Leave.Dispose();
        }

        if (!_hasEnded)
        {
            session.OnLost(key);
            MembersChanged();
        }
    }

    private void MembersChanged()
    {
        session.SetMembers(Members);
        TellMembers();
    }

    private sealed class Guest
    {
        public CancellationTokenSource Leave { get; } = new();

        public bool HasJoined { get; set; }

        /// <summary>Its job, kept until it ends.</summary>
        public Task Taking { get; set; } = Task.CompletedTask;
    }
}
