namespace Grid.Kernel.Tests.ForkJoin;

/// <summary>Counts visits and tells when there are enough.</summary>
internal sealed class VisitWatch(int wanted, Action end) : IDisposable
{
    private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _visits;

    public Task Reached => _reached.Task;

    public void Visit()
    {
        if (Interlocked.Increment(ref _visits) == wanted)
        {
            _reached.TrySetResult();
        }
    }

    public void Dispose() => end();
}
