using Grid.Spi;
using Microsoft.Extensions.Logging;

namespace Grid.Kernel.Compute.Submission;

/// <summary>Asks the failover provider what becomes of jobs, and decides itself when there is none or it fails.</summary>
internal sealed class JobFailover(IFailoverSpi? provider, ILogger logger)
{
    /// <summary>Whether the provider wants to decide about what jobs throw.</summary>
    public bool RetriesExceptions
    {
        get
        {
            try
            {
                return provider is { RetriesExceptions: true };
            }
            catch (Exception exception)
            {
                ComputeLog.FailoverThrew(logger, provider!.GetType().Name, exception);
                return false;
            }
        }
    }

    /// <summary>Decides about a job whose last attempt has failed.</summary>
    /// <param name="job">The job.</param>
    /// <param name="spec">Where it may run.</param>
    /// <param name="machine">Its history.</param>
    /// <param name="failure">How the attempt failed.</param>
    /// <param name="failuresMax">How often it may fail.</param>
    public FailoverDecision Decide(JobId job, JobSpec spec, in JobMachine machine, in AttemptFailure failure, int failuresMax)
    {
        if (provider is null)
        {
            return WithoutProvider(failure.Kind);
        }

        try
        {
            return provider.Decide(new FailoverRequest
            {
                Job = job,
                Failure = failure.Kind,
                Attempts = [.. machine.History],
                MaxAttempts = failuresMax,
                Candidates = JobPlacement.Untried(spec, in machine),
                ExceptionTypes = failure.Exception is { } exception ? TypesOf(exception) : [],
            });
        }
        catch (Exception exception)
        {
            ComputeLog.FailoverThrew(logger, provider.GetType().Name, exception);
            return WithoutProvider(failure.Kind);
        }
    }

    private static FailoverDecision WithoutProvider(AttemptFailureKind kind) =>
        kind == AttemptFailureKind.Threw ? FailoverDecision.GiveUp : FailoverDecision.Retry();

    private static List<string> TypesOf(Exception exception)
    {
        var names = new List<string>();
        if (exception is RemoteJobException remote)
        {
            names.Add(remote.OriginalTypeName);
        }

        for (var type = exception.GetType(); type is not null && type != typeof(object); type = type.BaseType)
        {
            names.Add(type.FullName ?? type.Name);
        }

        return names;
    }
}
