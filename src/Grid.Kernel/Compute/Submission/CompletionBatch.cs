using Grid.Messaging;

namespace Grid.Kernel.Compute.Submission;

/// <summary>
/// The jobs whose results one link thread has read and not passed on yet. The callers of one read are woken together: threads of the pool that are woken one by one run dry between two
/// callers, and look for work at a system call each.
/// </summary>
internal sealed class CompletionBatch
{
    // The first caller should not wait for a long read to end.
    private const int JobsMax = 32;

    [ThreadStatic]
    private static CompletionBatch? OfThread;

    private readonly List<JobCall> _calls = new(JobsMax);
    private readonly Action _complete;

    private CompletionBatch() => _complete = Complete;

    /// <summary>Leaves the completion to the end of the read.</summary>
    /// <returns>False when this thread is not reading.</returns>
    public static bool TryAdd(JobCall call)
    {
        var batch = OfThread ??= new CompletionBatch();
        if (batch._calls.Count == 0 && !Messenger.TryDefer(batch._complete))
        {
            return false;
        }

        batch._calls.Add(call);
        if (batch._calls.Count == JobsMax)
        {
            batch.Complete();
        }

        return true;
    }

    // Continuations run on the pool, so nothing is added meanwhile.
    private void Complete()
    {
        foreach (var call in _calls)
        {
            call.Complete();
        }

        _calls.Clear();
    }
}
