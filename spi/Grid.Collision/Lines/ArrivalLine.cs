using System.Diagnostics.CodeAnalysis;
using Grid.Spi;

namespace Grid.Collision.Lines;

/// <summary>A line in the order of arrival.</summary>
internal sealed class ArrivalLine : IWaitingLine
{
    private readonly Queue<(IWaitingJob Job, long Sequence)> _jobs = new();

    public int Count => _jobs.Count;

    public void Add(IWaitingJob job, long sequence) => _jobs.Enqueue((job, sequence));

    public bool TryPeek([NotNullWhen(true)] out IWaitingJob? job, out LineKey key)
    {
        while (_jobs.TryPeek(out var first))
        {
            if (!first.Job.IsWithdrawn)
            {
                (job, key) = (first.Job, new LineKey(0, first.Sequence));
                return true;
            }

            _jobs.Dequeue();
        }

        (job, key) = (null, default);
        return false;
    }

    public IWaitingJob Take() => _jobs.Dequeue().Job;

    public void Sweep()
    {
        for (var left = _jobs.Count; left > 0; left--)
        {
            var job = _jobs.Dequeue();
            if (!job.Job.IsWithdrawn)
            {
                _jobs.Enqueue(job);
            }
        }
    }
}
