using Grid.Discovery.Gossip.Wire;

namespace Grid.Discovery.Gossip.Swim;

/// <summary>
/// When suspects end, and the last calls to them. Before a node buries a suspect it pings it itself, twice per probe interval over the last half of the least suspicion, and the suspect's
/// answer carries what it says now. Gossip alone leaves out exp(-sends * (1 - loss)) of the nodes: about 2 of 100,000 with the defaults, n = 500 and a loss of 10 %; one that misses a
/// contradiction would bury the living for all.
/// </summary>
internal sealed class Suspicions(SwimContext context)
{
    public TimeSpan DeathOf(Member suspect) => suspect.SuspectedAt + context.Settings.SuspicionTimeout(context.Participants, suspect.Accusers.Count - 1);

    /// <summary>When the suspect is to be called or buried next.</summary>
    public TimeSpan DueAt(Member suspect)
    {
        var (deathAt, callAt) = (DeathOf(suspect), CallAt(suspect));
        return callAt < deathAt ? callAt : deathAt;
    }

    /// <summary>Calls the suspect if it is time.</summary>
    public void OnTick(Member suspect, TimeSpan now)
    {
        if (now >= CallAt(suspect))
        {
            suspect.CalledAt = now;
            context.Send(PacketKind.Ping, suspect.Said.Key.Id, suspect.Said.Address, context.NewNonce());
        }
    }

    /// <summary>Gives every suspect more time: this node itself was away.</summary>
    public void Postpone(TimeSpan by)
    {
        foreach (var suspect in context.Table.Suspects)
        {
            suspect.SuspectedAt += by;
        }
    }

    private TimeSpan CallAt(Member suspect)
    {
        var firstAt = DeathOf(suspect) - (context.Settings.SuspicionMin(context.Participants) / 2);
        var nextAt = suspect.CalledAt == TimeSpan.MinValue ? firstAt : suspect.CalledAt + (context.Settings.ProbeInterval / 2);
        return nextAt > firstAt ? nextAt : firstAt;
    }
}
