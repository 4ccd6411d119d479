using System.Threading.Channels;

namespace Grid.Kernel.Compute.Submission;

/// <summary>One execution of a <see cref="GridTask{TArg, TJobResult, TResult}"/>: starts its jobs, shows it each result, reduces.</summary>
internal sealed class GridTaskRun<TArg, TJobResult, TResult>(
    JobSubmitter submitter, JobSpec spec, NodeSelector selector, GridTask<TArg, TJobResult, TResult> task)
{
    // One reader, this run; the bound is what is in flight.
    private readonly Channel<JobOutcome> _outcomes = Channel.CreateUnbounded<JobOutcome>(new UnboundedChannelOptions { SingleReader = true });
    private readonly List<JobResult<TJobResult>> _received = [];
    private readonly Dictionary<int, TaskJob> _open = [];
    private readonly Dictionary<NodeId, JobSpec> _named = [];

    public async Task<TResult> RunAsync(TArg arg, CancellationToken ct)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(ct, submitter.Disposing);
        try
        {
            await StartAndCollectAsync(arg, ending.Token).ConfigureAwait(false);
            return task.Reduce(_received);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            throw new OperationCanceledException("The task was cancelled by its caller.", ct);
        }
        finally
        {
            await ending.CancelAsync().ConfigureAwait(false);
            await Task.WhenAll(_open.Values.Select(job => job.Forwarding)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task StartAndCollectAsync(TArg arg, CancellationToken ct)
    {
        var index = 0;
        foreach (var job in task.Map(submitter.Directory.Current.View, arg) ?? throw new InvalidOperationException($"{task.GetType().Name}.Map returned null."))
        {
            await StartAsync(new TaskJob(index++, job), ct).ConfigureAwait(false);
            while (_outcomes.Reader.TryRead(out var outcome))
            {
                if (!await JudgeAsync(outcome, ct).ConfigureAwait(false))
                {
                    return;
                }
            }
        }

        while (_open.Count > 0)
        {
            if (!await JudgeAsync(await _outcomes.Reader.ReadAsync(ct).ConfigureAwait(false), ct).ConfigureAwait(false))
            {
                return;
            }
        }
    }

    /// <summary>Shows the task a result.</summary>
    /// <returns>False when it wants to reduce now.</returns>
    private async Task<bool> JudgeAsync(JobOutcome outcome, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        var (job, result) = outcome;
        _open.Remove(job.Index);
        var policy = task.OnResult(result, _received);
        switch (policy)
        {
            case ResultPolicy.Failover:
                await FailOverAsync(job, result, ct).ConfigureAwait(false);
                return true;
            case ResultPolicy.Wait or ResultPolicy.Reduce:
                _received.Add(result);
                return policy == ResultPolicy.Wait;
            default:
                throw new InvalidOperationException($"{task.GetType().Name}.OnResult returned {policy}, which is none of Wait, Reduce and Failover.");
        }
    }

    private async Task FailOverAsync(TaskJob job, JobResult<TJobResult> result, CancellationToken ct)
    {
        if (job.Tries >= submitter.FailuresMax(spec.Options))
        {
            throw result.Exception ?? new JobRejectedException(
                $"{task.GetType().Name}.OnResult sent job {job.Index} elsewhere {job.Tries} times; no attempt is left (MaxAttempts is {submitter.FailuresMax(spec.Options)}).");
        }

        if (result.Node is { } node)
        {
            job.Avoided.Add(node.Key);
        }

        await StartAsync(job, ct).ConfigureAwait(false);
    }

    private async Task StartAsync(TaskJob job, CancellationToken ct)
    {
        ObjectDisposedException.ThrowIf(submitter.IsDisposed, typeof(IGrid));
        var own = SpecFor(job);
        var call = submitter.Prepare<TJobResult>(own, job.Job.Body);
        if (!spec.Scope.TryEnter())
        {
            await spec.Scope.EnterAsync(ct).ConfigureAwait(false);
        }

        job.Tries++;
        _open[job.Index] = job;
        submitter.Start(call, ct);
        job.Forwarding = ForwardAsync(job, call);
    }

    /// <summary>A job that named its node runs there; once it was sent elsewhere, on any node of the group.</summary>
    private JobSpec SpecFor(TaskJob job)
    {
        if (job.Tries > 0)
        {
            return spec with { Avoided = [.. job.Avoided] };
        }

        if (job.Job.Node is not { } node)
        {
            return spec;
        }

        if (!_named.TryGetValue(node, out var there))
        {
            _named.Add(node, there = spec with { Nodes = new EligibleNodes(submitter.Directory, selector.And(NodeSelector.ById(node))) });
        }

        return there;
    }

    private async Task ForwardAsync(TaskJob job, JobCall<TJobResult> call)
    {
        JobResult<TJobResult> result;
        try
        {
            var value = await call.Task.ConfigureAwait(false);
            result = new JobResult<TJobResult>(job.Index, call.Node, value);
        }
        catch (Exception exception)
        {
            result = new JobResult<TJobResult>(job.Index, call.Node, exception);
        }

        _outcomes.Writer.TryWrite(new JobOutcome(job, result));
    }

    private sealed class TaskJob(int index, GridJob<TJobResult> job)
    {
        public int Index => index;

        public GridJob<TJobResult> Job { get; } = job ?? throw new InvalidOperationException($"Map returned null as job {index}.");

        public HashSet<NodeKey> Avoided { get; } = [];

        public int Tries { get; set; }

        public Task Forwarding { get; set; } = Task.CompletedTask;
    }

    private readonly record struct JobOutcome(TaskJob Job, JobResult<TJobResult> Result);
}
