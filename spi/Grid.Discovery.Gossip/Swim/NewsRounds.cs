using System.Net;
using Grid.Discovery.Gossip.Wire;

namespace Grid.Discovery.Gossip.Swim;

/// <summary>
/// When this node spreads what it heard: to a few by chance every gossip interval, as long as there is news, and by an exchange of everything with one other or a seed now and then, which
/// heals what packets missed.
/// </summary>
internal sealed class NewsRounds(SwimContext context)
{
    private const int SeedShare = 4;
    private TimeSpan _gossipAt;
    private TimeSpan _syncAt;
    private TimeSpan _askAt;

    /// <summary>When something is due next.</summary>
    public TimeSpan DueAt => SwimContext.Earliest(_syncAt, context.Queue.IsEmpty ? TimeSpan.MaxValue : _gossipAt);

    /// <summary>Starts with gossip at once and an exchange at a moment by chance.</summary>
    public void Start(TimeSpan now) => (_gossipAt, _syncAt) = (now, now + (context.Settings.PushPullInterval * (0.5 + context.Random.NextDouble())));

    /// <summary>There is news that waits for no interval that is long to come.</summary>
    public void OnNews(TimeSpan now) => _gossipAt = _gossipAt > now + context.Settings.GossipInterval ? now : _gossipAt;

    /// <summary>Gossip is due at once.</summary>
    public void GossipNow(TimeSpan now) => _gossipAt = now;

    /// <summary>An exchange is due at once.</summary>
    public void SyncNow(TimeSpan now) => _syncAt = now;

    /// <summary>Asks for everything that somebody knows. At most one exchange per quarter of a probe interval comes of packets.</summary>
    public void Ask(IPEndPoint from, TimeSpan now)
    {
        if (now >= _askAt)
        {
            _askAt = now + (context.Settings.ProbeInterval / 4);
            context.Add(new SwimEffect.RequestSync(from));
        }
    }

    /// <summary>Does what is due. A node that is cut off tries the seeds, once per probe interval.</summary>
    public void OnTick(TimeSpan now, bool isConnected)
    {
        if (now >= _syncAt)
        {
            context.Table.Sweep(now);
            _syncAt = now + (isConnected ? context.Settings.PushPullInterval : context.Settings.ProbeInterval);
            var other = context.Random.Next(SeedShare) == 0 || !isConnected ? null : context.PickOthers(1).FirstOrDefault();
            context.Add(other is null ? new SwimEffect.RequestSeedSync() : new SwimEffect.RequestSync(other.Said.Address));
        }

        if (now >= _gossipAt && !context.Queue.IsEmpty)
        {
            Gossip(now);
        }
    }

    private void Gossip(TimeSpan now)
    {
        _gossipAt = now + context.Settings.GossipInterval;
        if (context.Table.Live.Count == 0)
        {
            context.Queue.Clear();
        }

        foreach (var other in context.PickOthers(context.Settings.GossipNodes))
        {
            context.Send(PacketKind.Gossip, other.Said.Key.Id, other.Said.Address, 0);
        }
    }
}
