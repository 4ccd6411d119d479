using System.Diagnostics.CodeAnalysis;
using Grid.Spi;

namespace Grid.Collision.Lines;

/// <summary>A line in the order of a rank that a job has from its arrival on; the lowest goes first.</summary>
internal sealed class RankedLine(Func<IWaitingJob, long> rank) : IWaitingLine
{
    private readonly PriorityQueue<IWaitingJob, LineKey> _jobs = new();

    public int Count => _jobs.Count;

    public void Add(IWaitingJob job, long sequence) => _jobs.Enqueue(job, new LineKey(rank(job), sequence));

    public bool TryPeek([NotNullWhen(true)] out IWaitingJob? job, out LineKey key)
    {
        while (_jobs.TryPeek(out job, out key))
        {
            if (!job.IsWithdrawn)
            {
                return true;
            }

            _jobs.Dequeue();
        }

        return false;
    }

    public IWaitingJob Take() => _jobs.Dequeue();

    public void Sweep()
    {
        var left = _jobs.UnorderedItems.Where(item => !item.Element.IsWithdrawn).ToArray();
        _jobs.Clear();
        _jobs.EnqueueRange(left);
    }
}
