using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Grid.Kernel.Membership;

/// <summary>
/// The last changes of the topology, for readers that come late or are slow. Written by the membership thread, read by
/// any. A reader that is further behind than the history reaches gets one reset and goes on from the present.
/// </summary>
internal sealed class ChangeHistory
{
    private readonly Lock _gate = new();
    private readonly TopologyChange[] _ring;
    private TaskCompletionSource _news = NewSignal();
    private long _version;
    private int _count;
    private bool _isEnded;

    public ChangeHistory(int capacity)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        _ring = new TopologyChange[capacity];
    }

    public void Append(IReadOnlyList<TopologyChange> changes)
    {
        TaskCompletionSource news;
        lock (_gate)
        {
            foreach (var change in changes)
            {
                Debug.Assert(change.Version == _version + 1, "Changes are numbered without gaps.");
                _version = change.Version;
                _ring[(int)(_version % _ring.Length)] = change;
                _count = Math.Min(_count + 1, _ring.Length);
            }

            news = _news;
            _news = NewSignal();
        }

        news.TrySetResult();
    }

    /// <summary>Ends all streams after what they still have to read.</summary>
    public void End()
    {
        TaskCompletionSource news;
        lock (_gate)
        {
            _isEnded = true;
            news = _news;
        }

        news.TrySetResult();
    }

    public async IAsyncEnumerable<TopologyChange> ReadAsync(long afterVersion, [EnumeratorCancellation] CancellationToken ct)
    {
        var known = afterVersion;
        while (true)
        {
            ct.ThrowIfCancellationRequested();
            var batch = Take(known);
            foreach (var change in batch.Changes)
            {
                known = change.Version;
                yield return change;
            }

            if (batch.Changes.Length > 0)
            {
                continue;
            }

            if (batch.IsLast)
            {
                yield break;
            }

            await batch.News.WaitAsync(ct).ConfigureAwait(false);
        }
    }

    private Batch Take(long known)
    {
        lock (_gate)
        {
            var missing = _version - known;
            if (missing < 0 || missing > _count)
            {
                return new Batch([new TopologyChange(_version, TopologyChangeKind.Reset, null)], _news.Task, false);
            }

            var changes = new TopologyChange[missing];
            for (var i = 0; i < changes.Length; i++)
            {
                changes[i] = _ring[(int)((known + 1 + i) % _ring.Length)];
            }

            return new Batch(changes, _news.Task, _isEnded);
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private readonly record struct Batch(TopologyChange[] Changes, Task News, bool IsLast);
}
