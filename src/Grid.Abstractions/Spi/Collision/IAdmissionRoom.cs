namespace Grid.Spi;

/// <summary>What is free on a node while a collision provider chooses. Valid during the call that it was passed to.</summary>
public interface IAdmissionRoom
{
    /// <summary>How many jobs may hold a slot.</summary>
    int Slots { get; }

    /// <summary>How many do, helpers of fork/join computations included. Less than <see cref="Slots"/> whenever a provider is asked.</summary>
    int Active { get; }

    /// <summary>How many jobs wait.</summary>
    int Waiting { get; }

    /// <summary>
    /// Whether what a job needs (<see cref="IWaitingJob.Resources"/>) is free. Ask in the order in which jobs should go: once a job does not fit, jobs that need one of the same resources do not
    /// fit either for the rest of the call, so that many small ones cannot keep a large one from ever running.
    /// </summary>
    /// <param name="job">A job that waits.</param>
    bool Fits(IWaitingJob job);
}
