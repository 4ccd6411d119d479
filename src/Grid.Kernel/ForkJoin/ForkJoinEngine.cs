namespace Grid.Kernel.ForkJoin;

/// <summary>
/// The fork/join computations of a node. Each is a job on a lane; other lanes help while they have slots that no job wants.
/// </summary>
/// <remarks>
/// A lane at rest sleeps in the scheduler of jobs, whether it will run a job or help next: fork/join work adds no threads and no second place where threads wait.
/// </remarks>
internal sealed class ForkJoinEngine(ForkJoinOptions options, Random random, ForkJoinMetrics metrics) : IForkJoinEngine
{
    private readonly Lock _gate = new();

    // Under the gate: those whose root is running, the one that was helped longest ago first.
    private readonly LinkedList<Computation> _computations = [];
    private ISpareLanes? _lanes;

    public ForkJoinOptions Options => options;

    public ForkJoinMetrics Metrics => metrics;

    public ISpareLanes Lanes => _lanes ?? throw new InvalidOperationException("The fork/join engine has no lanes: attach them before a computation starts.");

    /// <inheritdoc/>
    public void Attach(ISpareLanes lanes) => _lanes = lanes;

    /// <inheritdoc/>
    public TResult Run<TResult>(ForkJoinTask<TResult> root, IJobContext context)
    {
        ArgumentNullException.ThrowIfNull(root);
        metrics.CountComputation();
        var computation = Begin(context);
        var cancellation = context.CancellationToken.UnsafeRegister(static state => ((Computation)state!).End(), computation);
        var before = SynchronizationContext.Current;
        try
        {
            // What an await in a task leaves behind must not come back to this lane, which may be blocked on it.
            SynchronizationContext.SetSynchronizationContext(null);
            computation.RunRoot(root);
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(before);
            cancellation.Dispose();
            Remove(computation);
        }

        return root.TakeResult();
    }

    /// <inheritdoc/>
    public void Help()
    {
        // The one that asked first; then others that have work, so that a request which came too late is not wasted.
        while (FindToHelp() is { } computation)
        {
            computation.Help();
            if (Lanes.AreJobsWaiting)
            {
                return;
            }
        }
    }

    private Computation Begin(IJobContext context)
    {
        lock (_gate)
        {
            var computation = new Computation(this, context, random.Next());
            _computations.AddLast(computation);
            return computation;
        }
    }

    private void Remove(Computation computation)
    {
        lock (_gate)
        {
            _computations.Remove(computation);
        }
    }

    private Computation? FindToHelp()
    {
        lock (_gate)
        {
            for (var node = _computations.First; node is not null; node = node.Next)
            {
                if (node.Value.TryAcceptHelp())
                {
                    _computations.Remove(node);
                    _computations.AddLast(node);
                    return node.Value;
                }
            }

            return null;
        }
    }
}
