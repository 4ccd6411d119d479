using Microsoft.Extensions.Logging;

namespace Grid.Kernel.Compute.Execution;

/// <summary>What the code of one <see cref="JobRun"/> sees of itself.</summary>
internal sealed class RunningJobContext(JobRun run) : IJobContext, IForkJoinContext
{
    private IGrid? _grid;
    private ILogger? _logger;
    private JobCheckpoints? _checkpoints;

    public JobId JobId => new(run.Key.Submitter.Id, run.Key.Number);

    public int Attempt => run.Key.Attempt;

    public JobFence Fence => new(Node.Key, Attempt);

    public NodeInfo Node => run.Host.Parts.LocalNode();

    public IGrid Grid => _grid ??= run.Host.Parts.GridFor(run);

    public CancellationToken CancellationToken => run.Token;

    public TimeSpan? Remaining
    {
        get
        {
            if (run.Request.DeadlineTimestamp is not { } due)
            {
                return null;
            }

            var time = run.Host.Parts.Time;
            var left = time.GetElapsedTime(time.GetTimestamp(), due);
            return left > TimeSpan.Zero ? left : TimeSpan.Zero;
        }
    }

    public DateTimeOffset? Deadline => Remaining is { } left ? run.Host.Parts.Time.GetUtcNow() + left : null;

    public IProgress<JobProgress> Progress => run.ProgressSink;

    public IJobCheckpoints Checkpoints => _checkpoints ??= new JobCheckpoints(run);

    public IServiceProvider Services => run.Host.Parts.Services;

    public ILogger Logger => _logger ??= new JobLogger(run.Host.Parts.JobLogger, JobId, run.CallerLog);

    /// <inheritdoc/>
    TResult IForkJoinContext.Run<TResult>(ForkJoinTask<TResult> root, IReadOnlyList<NodeId>? nodes)
    {
        run.IsComputation = true;
        return run.Host.Parts.ForkJoin.Run(root, this, new ComputationReach(nodes, run.Request.Header.Isolation, run.Serializer));
    }

    /// <inheritdoc/>
    bool IForkJoinContext.Participate(ForkJoinInvitation invitation)
    {
        run.IsComputation = true;
        run.Host.Parts.ForkJoin.Participate(invitation, this, new ComputationReach(null, run.Request.Header.Isolation, run.Serializer));
        return true;
    }
}
