using System.Collections.Concurrent;

namespace Grid.Kernel.Compute.Submission;

/// <summary>
/// The jobs that wait at their submitter until a node has room for them. Calls take turns, so that a small one does not wait behind a large one; within a call it is first come,
/// first served. Their number is bounded by what callers may have in flight.
/// </summary>
/// <remarks>
/// One thread at a time places jobs: the first that finds it necessary. Whoever comes meanwhile leaves word, and that thread looks once more, so nobody waits and the queues need no
/// lock. A job is counted before its thread looks for room, and room is made before the count is read: one of the two sees the other.
/// </remarks>
internal sealed class HeldJobs
{
    private const int EndedMin = 1024;

    private readonly ConcurrentQueue<JobCall> _arrivals = new();

    // Owned by the thread that places jobs.
    private readonly Dictionary<JobSpec, Queue<JobCall>> _queues = new(ReferenceEqualityComparer.Instance);
    private readonly Queue<JobSpec> _turns = new();

    private int _count; // Raised by whoever adds a job, lowered by the thread that places them.
    private int _ended; // Jobs that have ended here since the queues were cleaned last.
    private int _wishes; // How many threads want jobs to be placed; above zero, one of them does it.

    /// <summary>How many jobs wait, with those that have ended and were not dropped yet.</summary>
    public int Count => Volatile.Read(ref _count);

    public void Add(JobCall call)
    {
        Interlocked.Increment(ref _count);
        _arrivals.Enqueue(call);
        PlaceJobs();
    }

    /// <summary>A node may have room. Costs a read when nothing waits.</summary>
    public void OnRoom()
    {
        if (Count > 0)
        {
            PlaceJobs();
        }
    }

    /// <summary>A job that waits here has ended.</summary>
    public void OnEnded()
    {
        Interlocked.Increment(ref _ended);
        PlaceJobs();
    }

    private void PlaceJobs()
    {
        if (Interlocked.Increment(ref _wishes) != 1)
        {
            return;
        }

        int granted;
        do
        {
            granted = Volatile.Read(ref _wishes);
            TakeArrivals();
            DropEnded();
            PlaceInTurn();
        }
        while (Interlocked.Add(ref _wishes, -granted) != 0);
    }

    private void TakeArrivals()
    {
        while (_arrivals.TryDequeue(out var call))
        {
            if (!_queues.TryGetValue(call.Spec, out var queue))
            {
                _queues.Add(call.Spec, queue = new Queue<JobCall>());
                _turns.Enqueue(call.Spec);
            }

            queue.Enqueue(call);
        }
    }

    /// <summary>Places jobs until every call in turn finds no room.</summary>
    private void PlaceInTurn()
    {
        for (var refused = 0; refused < _turns.Count;)
        {
            var spec = _turns.Dequeue();
            var queue = _queues[spec];
            if (queue.TryPeek(out var first) && first.TryPlaceHeld())
            {
                queue.Dequeue();
                Interlocked.Decrement(ref _count);
                refused = 0;
            }
            else
            {
                refused++;
            }

            if (queue.Count > 0)
            {
                _turns.Enqueue(spec);
            }
            else
            {
                _queues.Remove(spec);
            }
        }
    }

    /// <summary>Drops what has ended in the middle of the queues, once that is half of them.</summary>
    private void DropEnded()
    {
        if (Volatile.Read(ref _ended) <= Math.Max(EndedMin, Count / 2))
        {
            return;
        }

        Interlocked.Exchange(ref _ended, 0);
        foreach (var (spec, queue) in _queues)
        {
            var live = new Queue<JobCall>(queue.Where(call => !call.IsEnded));
            Interlocked.Add(ref _count, live.Count - queue.Count);
            _queues[spec] = live; // An empty one goes with its next turn.
        }
    }
}
