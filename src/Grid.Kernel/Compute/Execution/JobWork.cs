namespace Grid.Kernel.Compute.Execution;

/// <summary>Something for a lane to do: the start of a job, a continuation of one, or help for a fork/join computation.</summary>
/// <param name="Run">The job; null for help, and when there is nothing to do.</param>
/// <param name="Continuation">The continuation, or the help; null for the start of the job.</param>
/// <param name="State">What the continuation gets.</param>
internal readonly record struct JobWork(JobRun? Run, SendOrPostCallback? Continuation = null, object? State = null)
{
    /// <summary>Whether there is nothing to do.</summary>
    public bool IsNothing => Run is null && Continuation is null;

    public void Execute()
    {
        if (Run is null)
        {
            Continuation!(State);
        }
        else if (Continuation is null)
        {
            Run.Start();
        }
        else
        {
            Run.Continue(Continuation, State);
        }
    }
}
