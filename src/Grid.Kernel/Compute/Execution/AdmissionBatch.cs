using Grid.Messaging;

namespace Grid.Kernel.Compute.Execution;

/// <summary>
/// The jobs that one link thread has read and not admitted yet. Those of one read are admitted together, under one lock of the scheduler's, before lanes are woken: lanes that take jobs
/// while the thread still adds them run dry again and again, and fight it for the lock.
/// </summary>
internal sealed class AdmissionBatch
{
    // The lanes should not wait for a long read to end.
    private const int JobsMax = 32;

    [ThreadStatic]
    private static AdmissionBatch? OfThread;

    private readonly List<JobRun> _runs = new(JobsMax);
    private readonly Action _admit;

    private AdmissionBatch() => _admit = Admit;

    /// <summary>Leaves a job to the end of the read.</summary>
    /// <returns>False when this thread is not reading.</returns>
    public static bool TryAdd(JobRun run)
    {
        var batch = OfThread ??= new AdmissionBatch();
        if (batch._runs.Count == 0 && !Messenger.TryDefer(batch._admit))
        {
            return false;
        }

        batch._runs.Add(run);
        if (batch._runs.Count == JobsMax)
        {
            batch.Admit();
        }

        return true;
    }

    /// <summary>Admits what this thread has left: what comes next may be about it.</summary>
    public static void Flush() => OfThread?.Admit();

    private void Admit()
    {
        if (_runs.Count == 0)
        {
            return;
        }

        // What is sent meanwhile may have the thread read on, when the network is in memory; for other nodes, too.
        JobRun[] runs = [.. _runs];
        _runs.Clear();
        for (var start = 0; start < runs.Length;)
        {
            var host = runs[start].Host;
            var end = start + 1;
            while (end < runs.Length && runs[end].Host == host)
            {
                end++;
            }

            host.Admit(runs.AsSpan(start..end));
            start = end;
        }
    }
}
