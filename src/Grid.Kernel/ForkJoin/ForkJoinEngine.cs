using Grid.Kernel.ForkJoin.Stealing;

namespace Grid.Kernel.ForkJoin;

/// <summary>
/// The fork/join computations of a node. Each is a job on a lane; other lanes help while they have slots that no job wants.
/// </summary>
/// <remarks>
/// A lane at rest sleeps in the scheduler of jobs, whether it will run a job or help next: fork/join work adds no threads and no second place where threads wait.
/// </remarks>
internal sealed class ForkJoinEngine(ForkJoinOptions options, Random random, ForkJoinMetrics metrics, IStealing? stealing = null) : IForkJoinEngine
{
    private readonly Lock _gate = new();

    // Under the gate: those whose root is running, the one that was helped longest ago first.
    private readonly LinkedList<Computation> _computations = [];
    private ISpareLanes? _lanes;

    public ForkJoinOptions Options => options;

    public ForkJoinMetrics Metrics => metrics;

    /// <summary>How many tasks are begun on top of each other by workers that wait, where it is most.</summary>
    public int Depth
    {
        get
        {
            lock (_gate)
            {
                return _computations.SelectMany(computation => computation.Workers).Select(worker => worker.HelpDepth).DefaultIfEmpty().Max();
            }
        }
    }

    public ISpareLanes Lanes => _lanes ?? throw new InvalidOperationException("The fork/join engine has no lanes: attach them before a computation starts.");

    /// <inheritdoc/>
    public void Attach(ISpareLanes lanes) => _lanes = lanes;

    /// <inheritdoc/>
    public TResult Run<TResult>(ForkJoinTask<TResult> root, IJobContext context, ComputationReach? reach = null)
    {
        ArgumentNullException.ThrowIfNull(root);
        metrics.CountComputation();
        var computation = new Computation(this, context, NextSeed());
        Run(computation, () =>
        {
            if (reach is not null)
            {
                stealing?.Open(computation, root.GetType(), reach);
            }

            computation.RunRoot(root);
        });
        return root.TakeResult();
    }

    /// <inheritdoc/>
    public void Participate(ForkJoinInvitation invitation, IJobContext context, ComputationReach reach)
    {
        if (stealing is null)
        {
            throw new InvalidOperationException("This node takes part in no computations of others.");
        }

        var computation = new Computation(this, context, NextSeed());
        Run(computation, () =>
        {
            stealing.Join(computation, invitation, reach);
            computation.ServeUntilEnded();
        });
        context.CancellationToken.ThrowIfCancellationRequested();
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
                // What is left may be all that somebody waits for, and nobody else may ask again.
                Lanes.RequestHelp();
                return;
            }
        }
    }

    // Work for the computation may come as soon as other nodes know of it: the lanes that are called then must find it listed.
    private void Run(Computation computation, Action run)
    {
        lock (_gate)
        {
            _computations.AddLast(computation);
        }

        var cancellation = computation.Context.CancellationToken.UnsafeRegister(static state => ((Computation)state!).End(), computation);
        var before = SynchronizationContext.Current;
        try
        {
            // What an await in a task leaves behind must not come back to this lane, which may be blocked on it.
            SynchronizationContext.SetSynchronizationContext(null);
            run();
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(before);
            cancellation.Dispose();
            Remove(computation);
        }
    }

    private int NextSeed()
    {
        lock (_gate)
        {
            return random.Next();
        }
    }

    private void Remove(Computation computation)
    {
        if (computation.Session is { } session)
        {
            stealing!.Close(session);
        }

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
