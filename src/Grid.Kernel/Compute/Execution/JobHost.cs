using System.Diagnostics;
using Grid.Kernel.Compute.Wire;
using Grid.Serialization;
using Microsoft.Extensions.Logging;

namespace Grid.Kernel.Compute.Execution;

/// <summary>
/// Runs jobs for submitters: admits them, reads their code and values on a lane, invokes them and sends the outcome back.
/// </summary>
internal sealed class JobHost
{
    // How long a collision provider that lets all jobs wait is left alone.
    private static readonly TimeSpan AskPeriod = TimeSpan.FromSeconds(1);

    private readonly JobHostParts _parts;
    private readonly BlockedLaneWatch _blockedLanes;
    private readonly RunningNews _running;
    private readonly ArrivingJobs? _arriving;
    private readonly MemoryWatermark _watermark;

    public JobHost(ComputeOptions options, JobHostParts parts)
    {
        _parts = parts;
        Options = options;
        Scheduler = new JobScheduler(options, new ResourceLedger(Math.Max(1, parts.Slots), parts.Resources), parts.Collision, Settle);
        Clock = new DeadlineClock(parts.Time, "grid job deadlines");
        Scheduler.Spare.Attach(parts.ForkJoin);
        Trail = new JobTrail(parts.Recorder);
        _running = new RunningNews(Scheduler, parts.Time);
        _blockedLanes = new BlockedLaneWatch(Scheduler, Clock);
        _arriving = parts.Deployment is null ? null : new ArrivingJobs(this, parts.Deployment, Scheduler.Slots + options.QueueMax);
        Cancellation = new JobCancellation(this, _arriving, options.CancelGrace);
        _watermark = new MemoryWatermark(options.MemoryWatermark);
    }

    public JobScheduler Scheduler { get; }

    public DeadlineClock Clock { get; }

    /// <summary>Ends jobs before their time.</summary>
    public JobCancellation Cancellation { get; }

    public ComputeOptions Options { get; }

    public JobHostParts Parts => _parts;

    /// <summary>Notes what becomes of jobs.</summary>
    public JobTrail Trail { get; }

    /// <summary>Called several times a second by one thread.</summary>
    public void OnTick() => _running.OnTick();

    /// <summary>Takes a request in, or answers at once why not. Never blocks; called on link threads.</summary>
    public void Accept(JobRequest request)
    {
        var run = new JobRun(this, request);
        if (request.DeadlineTimestamp is { } due)
        {
            run.Deadline = Clock.Arm(due, static state => ((JobRun)state).Host.Cancellation.Cancel((JobRun)state), run);
        }

        if ((_arriving is null || _arriving.TryEnter(run)) && !AdmissionBatch.TryAdd(run))
        {
            Admit(run);
        }
    }

    /// <summary>Admits a job whose code is here.</summary>
    public void Admit(JobRun run) => Admit(new ReadOnlySpan<JobRun>(in run));

    /// <summary>Admits jobs whose code is here, together.</summary>
    public void Admit(ReadOnlySpan<JobRun> runs)
    {
        Scheduler.Admit(runs, _parts.IsFenced() ? "the node has lost its membership" : null);
        foreach (var run in runs)
        {
            if (run.Refusal is { } refusal)
            {
                Reject(run, refusal);
            }
            else
            {
                OnAdmitted(run);
            }
        }
    }

    private void OnAdmitted(JobRun run)
    {
        _parts.Metrics.CountTaken();
        Trail.Accepted(run);
        if (run.IsCancelled && Scheduler.TryWithdraw(run))
        {
            EndCancelled(run); // It was cancelled on the way in.
        }
    }

    /// <summary>Refuses a job that was not admitted; its submitter tries another node.</summary>
    public void Reject(JobRun run, string refusal)
    {
        _parts.Metrics.CountRefused();
        _parts.Statistics.CountRejected();
        Trail.Rejected(run, refusal);
        Send(run, JobReply.OfReason(ReplyStatus.Rejected, run.Key.Attempt, refusal));
        run.TryEnd();
        run.Release();
    }

    /// <summary>A job begins a piece of nested work: while it waits for it, others may have its slot.</summary>
    public void BeginNested(JobRun run)
    {
        Scheduler.BeginNested(run);
        _blockedLanes.Watch();
    }

    /// <summary>How many jobs the node has, and the oldest of them.</summary>
    public (int Count, IReadOnlyList<JobReport> Oldest) ListJobs(int max)
    {
        IReadOnlyList<JobRun> runs = [.. _arriving?.Runs ?? [], .. Scheduler.Find(_ => true)];
        return (runs.Count, [.. runs.OrderBy(run => run.AcceptedAt).Take(max).Select(run => run.Report())]);
    }

    /// <summary>The attempts here whose code is still on its way, and those that are admitted.</summary>
    public (IReadOnlyList<JobRun> Arriving, IReadOnlyList<JobRun> Admitted) ListRuns() => ([.. _arriving?.Runs ?? []], Scheduler.Find(_ => true));

    /// <summary>The node's memory was measured: when it is short, nothing new is started.</summary>
    public void LookAtMemory(NodeMetrics? metrics)
    {
        if (!_watermark.Look(metrics?.MemoryUsedBytes, metrics?.MemoryLimitBytes))
        {
            return;
        }

        Scheduler.SetPaused(_watermark.IsShort);
        _parts.Metrics.SetPaused(_watermark.IsShort);
        if (_watermark.IsShort)
        {
            ComputeLog.AdmissionPaused(_parts.Logger, metrics!.MemoryUsedBytes!.Value, metrics.MemoryLimitBytes!.Value);
        }
        else
        {
            ComputeLog.AdmissionResumed(_parts.Logger);
        }
    }

    /// <summary>Ends the lanes, once their jobs have ended.</summary>
    public void Stop()
    {
        Cancellation.CancelAll();
        Scheduler.Stop();
        Clock.Dispose();
    }

    /// <summary>Reads the job and calls it. Runs on a lane; what the job throws goes through.</summary>
    public void Invoke(JobRun run)
    {
        Delegate? job;
        JobInvoker? invoker;
        var hasArgument = (run.Request.Header.Flags & JobFlags.HasArgument) != 0;
        try
        {
            job = run.Serializer.Read<Delegate>(run.Request.Delegate, run.ReadScope);
            invoker = job is null ? null : JobInvoker.For(job.GetType(), hasArgument);
        }
        catch (GridException exception)
        {
            EndUnreadable(run, exception.Message);
            return;
        }

        if (job is null || invoker is null)
        {
            EndUnreadable(run, $"a delegate of type {job?.GetType().ToString() ?? "null"} is not a job");
            return;
        }

        run.NotifyStarted(job);
        run.Activity = ComputeTelemetry.StartJob(run.Request.Source.Trace);
        invoker.Invoke(job, run, run.Serializer);
    }

    /// <summary>The job returned a value.</summary>
    public void EndWithResult<TResult>(JobRun run, TResult value)
    {
        if (!TryEnd(run))
        {
            return;
        }

        var writer = ScratchBuffer.Rent();
        try
        {
            JobReply.WriteHeader(writer.GetSpan(JobReply.HeaderSize), ReplyStatus.Returned, run.Key.Attempt);
            writer.Advance(JobReply.HeaderSize);
            if (typeof(TResult) != typeof(Nothing))
            {
                run.Serializer.Write(writer, value, "result");
            }

            Finish(run, writer.WrittenSpan);
        }
        catch (NotShippableException exception)
        {
            FinishWithException(run, exception);
        }
        finally
        {
            ScratchBuffer.Return(writer);
        }
    }

    /// <summary>The job returned a task; its end is the job's end.</summary>
    public void EndWith(JobRun run, Task task)
    {
        if (task is null)
        {
            EndWithException(run, new InvalidOperationException("The job returned null instead of a task."));
        }
        else
        {
            run.Completing = AwaitAsync(run, task, static (host, run, _) => host.EndWithResult(run, default(Nothing)));
        }
    }

    /// <inheritdoc cref="EndWith(JobRun, Task)"/>
    public void EndWith<TResult>(JobRun run, Task<TResult> task)
    {
        if (task is null)
        {
            EndWithException(run, new InvalidOperationException("The job returned null instead of a task."));
        }
        else
        {
            run.Completing = AwaitAsync(run, task, static (host, run, task) => host.EndWithResult(run, ((Task<TResult>)task).Result));
        }
    }

    /// <summary>The job threw.</summary>
    public void EndWithException(JobRun run, Exception exception)
    {
        if (exception is OperationCanceledException && run.IsCancelled)
        {
            EndCancelled(run);
        }
        else if (TryEnd(run))
        {
            FinishWithException(run, exception);
        }
    }

    /// <summary>The job was given up by this node or by its submitter; a submitter that still wants it tries elsewhere.</summary>
    public void EndCancelled(JobRun run)
    {
        if (TryEnd(run))
        {
            _parts.Statistics.CountCancelled();
            Finish(run, CancelledReply(run, "the node gave the job up because it is stopping, fenced, or past the job's deadline"));
        }
    }

    /// <summary>A job that was cancelled has not ended in its grace: its submitter has waited long enough. It keeps its slot.</summary>
    public void Abandon(JobRun run)
    {
        if (!run.TryAbandon())
        {
            return;
        }

        run.FlushProgress();
        _parts.Metrics.CountAbandoned(1);
        ComputeLog.JobAbandoned(_parts.Logger, run.Key.Number, run.Key.Submitter);
        if (!_parts.IsFenced())
        {
            Send(run, CancelledReply(run, "the job was cancelled and goes on all the same; the node has abandoned it"));
        }
    }

    /// <summary>A job that has not started does not run here: its submitter tries another node.</summary>
    public void HandBack(JobRun run, string reason)
    {
        if (run.TryEnd())
        {
            _parts.Metrics.CountRefused();
            _parts.Statistics.CountHandedBack();
            Finish(run, JobReply.OfReason(ReplyStatus.Rejected, run.Key.Attempt, reason));
        }
    }

    private async Task AwaitAsync(JobRun run, Task task, Action<JobHost, JobRun, Task> end)
    {
        try
        {
            await task.ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            EndWithException(run, exception);
            return;
        }

        end(this, run, task);
    }

    /// <summary>The job's code or values cannot be had or read here.</summary>
    public void EndUnreadable(JobRun run, string reason)
    {
        if (TryEnd(run))
        {
            _parts.Statistics.CountFailed();
            ComputeLog.JobUnreadable(_parts.Logger, run.Key.Number, run.Key.Submitter, reason);
            Finish(run, JobReply.OfReason(ReplyStatus.Unreadable, run.Key.Attempt, reason));
        }
    }

    /// <summary>Claims the right to deliver the outcome. The end of an abandoned job, which has no outcome to deliver, is taken care of here.</summary>
    private bool TryEnd(JobRun run)
    {
        if (run.TryEnd())
        {
            return true;
        }

        if (run.TryEndAbandoned())
        {
            _parts.Metrics.CountAbandoned(-1);
            _parts.Statistics.CountCancelled();
            ComputeLog.AbandonedJobEnded(_parts.Logger, run.Key.Number, run.Key.Submitter);
            run.Release();
            Scheduler.Complete(run);
        }

        return false;
    }

    private static byte[] CancelledReply(JobRun run, string reason) => run.CancelledBy is { } by
        ? JobReply.OfReason(ReplyStatus.Cancelled, run.Key.Attempt, by)
        : JobReply.OfReason(run.HasBegun ? ReplyStatus.GivenUp : ReplyStatus.Rejected, run.Key.Attempt, reason); // What has not begun may run elsewhere, even if it must not run twice.

    private void Settle(AdmissionChores chores)
    {
        foreach (var fault in chores.Faults)
        {
            ComputeLog.CollisionFailed(_parts.Logger, _parts.Collision.GetType().Name, fault);
        }

        foreach (var (run, reason) in chores.Refused)
        {
            HandBack(run, reason);
        }

        if (chores.AskLater)
        {
            Clock.Arm(Clock.After(AskPeriod), static state => ((JobHost)state).Scheduler.AskAgain(), this);
        }
    }

    private void FinishWithException(JobRun run, Exception exception)
    {
        _parts.Statistics.CountFailed();
        var writer = ScratchBuffer.Rent();
        try
        {
            JobReply.WriteHeader(writer.GetSpan(JobReply.HeaderSize), ReplyStatus.Threw, run.Key.Attempt);
            writer.Advance(JobReply.HeaderSize);
            run.Serializer.WriteException(writer, exception);
            Finish(run, writer.WrittenSpan);
        }
        finally
        {
            ScratchBuffer.Return(writer);
        }
    }

    private void Finish(JobRun run, ReadOnlySpan<byte> reply)
    {
        Debug.Assert(run.IsEnded);
        run.FlushProgress();
        Trail.Ended(run, (ReplyStatus)reply[0]);

        // A node that lost its membership commits nothing: others may be running the job again already.
        if (!_parts.IsFenced())
        {
            Send(run, reply);
        }

        run.Release();
        Scheduler.Complete(run);
    }

    private void Send(JobRun run, ReadOnlySpan<byte> reply)
    {
        if (!run.Request.Replies.Reply(run.Request.Source.RequestId, reply))
        {
            ComputeLog.ReplyDropped(_parts.Logger, run.Key.Number, run.Key.Submitter);
        }
    }
}
