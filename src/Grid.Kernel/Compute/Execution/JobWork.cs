namespace Grid.Kernel.Compute.Execution;

/// <summary>Something for a lane to do: the start of a job, or a continuation of one.</summary>
/// <param name="Run">The job; null when there is nothing to do.</param>
/// <param name="Continuation">The continuation; null for the start of the job.</param>
/// <param name="State">What the continuation gets.</param>
internal readonly record struct JobWork(JobRun? Run, SendOrPostCallback? Continuation = null, object? State = null)
{
    public void Execute()
    {
        if (Continuation is null)
        {
            Run!.Start();
        }
        else
        {
            Run!.Continue(Continuation, State);
        }
    }
}
