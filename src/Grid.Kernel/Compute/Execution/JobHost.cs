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
    private readonly JobHostParts _parts;
    private readonly BlockedLaneWatch _blockedLanes;
    private readonly ArrivingJobs? _arriving;

    public JobHost(ComputeOptions options, JobHostParts parts)
    {
        _parts = parts;
        Options = options;
        Scheduler = new JobScheduler(options, Math.Max(1, parts.Slots));
        Clock = new DeadlineClock(parts.Time, "grid job deadlines");
        Scheduler.Spare.Attach(parts.ForkJoin);
        _blockedLanes = new BlockedLaneWatch(Scheduler, Clock);
        _arriving = parts.Deployment is null ? null : new ArrivingJobs(this, parts.Deployment, Scheduler.Slots + options.QueueMax);
    }

    public JobScheduler Scheduler { get; }

    public DeadlineClock Clock { get; }

    public ComputeOptions Options { get; }

    public JobHostParts Parts => _parts;

    /// <summary>Takes a request in, or answers at once why not. Never blocks; called on link threads.</summary>
    public void Accept(JobRequest request)
    {
        var run = new JobRun(this, request);
        if (request.DeadlineTimestamp is { } due)
        {
            run.Deadline = Clock.Arm(due, static state => ((JobRun)state).Host.Cancel((JobRun)state), run);
        }

        if (_arriving is null || _arriving.TryEnter(run))
        {
            Admit(run);
        }
    }

    /// <summary>Admits a job whose code is here.</summary>
    public void Admit(JobRun run)
    {
        if ((_parts.IsFenced() ? "the node has lost its membership" : Scheduler.TryAdmit(run)) is { } refusal)
        {
            Reject(run, refusal);
        }
        else
        {
            _parts.Metrics.CountTaken();
        }
    }

    /// <summary>Refuses a job that was not admitted; its submitter tries another node.</summary>
    public void Reject(JobRun run, string refusal)
    {
        _parts.Metrics.CountRefused();
        _parts.Statistics.CountRejected();
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

    /// <summary>The submitter no longer wants an attempt.</summary>
    public void Cancel(JobKey key)
    {
        if (_arriving?.TryCancel(key) != true)
        {
            Scheduler.Find(key)?.Cancel();
        }
    }

    /// <summary>How many jobs the node has, and the oldest of them.</summary>
    public (int Count, IReadOnlyList<JobReport> Oldest) ListJobs(int max)
    {
        IReadOnlyList<JobRun> runs = [.. _arriving?.Runs ?? [], .. Scheduler.Find(_ => true)];
        return (runs.Count, [.. runs.OrderBy(run => run.AcceptedAt).Take(max).Select(run => run.Report())]);
    }

    /// <summary>An operator no longer wants a job.</summary>
    /// <returns>How many attempts of it are here.</returns>
    public int Cancel(JobId job, string by)
    {
        bool IsWanted(JobRun run) => run.Key.Submitter.Id == job.Submitter && run.Key.Number == job.Number;
        IReadOnlyList<JobRun> runs = [.. _arriving?.Runs.Where(IsWanted) ?? [], .. Scheduler.Find(IsWanted)];
        foreach (var run in runs)
        {
            run.Cancel(by);
            _arriving?.TryCancel(run.Key);
        }

        return runs.Count;
    }

    /// <summary>The submitter is gone, and with it the reason for its jobs.</summary>
    public void CancelAllOf(NodeKey submitter)
    {
        _arriving?.CancelAll(run => run.Key.Submitter == submitter);
        foreach (var run in Scheduler.Find(run => run.Key.Submitter == submitter))
        {
            run.Cancel();
        }
    }

    /// <summary>Asks a job to stop, or gives it up if its code is still on its way.</summary>
    public void Cancel(JobRun run)
    {
        if (_arriving?.TryCancel(run.Key) != true)
        {
            run.Cancel();
        }
    }

    /// <summary>The node gives up everything it has: it is fenced, or out of time to drain.</summary>
    public void CancelAll()
    {
        _arriving?.CancelAll(_ => true);
        foreach (var run in Scheduler.Find(_ => true))
        {
            run.Cancel();
        }
    }

    /// <summary>Ends the lanes, once their jobs have ended.</summary>
    public void Stop()
    {
        CancelAll();
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
        if (!run.TryEnd())
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
        else if (run.TryEnd())
        {
            FinishWithException(run, exception);
        }
    }

    /// <summary>The job was given up by this node or by its submitter; a submitter that still wants it tries elsewhere.</summary>
    public void EndCancelled(JobRun run)
    {
        if (!run.TryEnd())
        {
            return;
        }

        _parts.Statistics.CountCancelled();
        if (run.CancelledBy is { } by)
        {
            Finish(run, JobReply.OfReason(ReplyStatus.Cancelled, run.Key.Attempt, by));
        }
        else
        {
            Finish(run, JobReply.OfReason(ReplyStatus.GivenUp, run.Key.Attempt, "the node gave the job up because it is stopping, fenced, or past the job's deadline"));
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
        if (run.TryEnd())
        {
            _parts.Statistics.CountFailed();
            ComputeLog.JobUnreadable(_parts.Logger, run.Key.Number, run.Key.Submitter, reason);
            Finish(run, JobReply.OfReason(ReplyStatus.Unreadable, run.Key.Attempt, reason));
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
