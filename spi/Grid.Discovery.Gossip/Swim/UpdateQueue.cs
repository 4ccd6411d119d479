using System.Collections.Immutable;
using Grid.Discovery.Gossip.Wire;

namespace Grid.Discovery.Gossip.Swim;

/// <summary>
/// News that is still to be spread: one update per process, the one that was sent least first, each at most so many times. Bounded by the number of members.
/// </summary>
internal sealed class UpdateQueue
{
    private readonly Dictionary<NodeId, (MemberUpdate Update, int Sent)> _pending = [];

    public bool IsEmpty => _pending.Count == 0;

    public void Add(MemberUpdate update) => _pending[update.Key.Id] = (update.ForPacket(), 0);

    /// <summary>Adds what fits into the bytes and counts it as sent.</summary>
    public void Take(ImmutableArray<MemberUpdate>.Builder into, int bytes, int sentMax)
    {
        if (_pending.Count == 0)
        {
            return;
        }

        foreach (var (id, (update, sent)) in _pending.OrderBy(pair => pair.Value.Sent).ThenBy(pair => pair.Value.Update.Bytes).Take(64).ToArray())
        {
            if (update.Bytes > bytes)
            {
                continue;
            }

            bytes -= update.Bytes;
            into.Add(update);
            if (sent + 1 >= sentMax)
            {
                _pending.Remove(id);
            }
            else
            {
                _pending[id] = (update, sent + 1);
            }
        }
    }

    public void Clear() => _pending.Clear();
}
