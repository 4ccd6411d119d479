namespace Grid.Spi;

/// <summary>Decides what becomes of a job after an attempt that gave no result: tried again, where and when, or given up.</summary>
/// <remarks>
/// <para><b>Who calls it, and when.</b> The submitting node, after an attempt failed and no other attempt of the job is under way, before anything else is done with the job. It is not
/// asked when the answer is fixed: when <see cref="FailoverRequest.MaxAttempts"/> is reached, when the job may have run and must not run twice
/// (<see cref="JobOptions.IsIdempotent"/>), and about exceptions of the job's own unless <see cref="RetriesExceptions"/> says so. A job that succeeds at once never gets here.</para>
/// <para><b>Concurrency.</b> Calls overlap; an implementation synchronizes its own state.</para>
/// <para><b>Blocking.</b> Never: it is called on threads that read links.</para>
/// <para><b>Failure.</b> It throws nothing. If it does, that is logged, and the job goes on as if there were no provider: lost and refused attempts are
/// tried elsewhere at once, exceptions of the job's own are given to the caller.</para>
/// <para><b>Ownership.</b> The request is immutable and may be kept.</para>
/// </remarks>
public interface IFailoverSpi
{
    /// <summary>Whether it wants to decide about exceptions that jobs throw; otherwise they go to the caller unasked. Read after each such exception; cheap.</summary>
    bool RetriesExceptions { get; }

    /// <summary>Decides.</summary>
    /// <param name="request">The job, its attempts and what is left to try.</param>
    FailoverDecision Decide(FailoverRequest request);
}
