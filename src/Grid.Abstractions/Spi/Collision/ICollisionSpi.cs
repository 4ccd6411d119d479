namespace Grid.Spi;

/// <summary>Decides which of the jobs that wait on a node gets the next slot. It keeps the jobs that wait: it is their queue.</summary>
/// <remarks>
/// <para>GridGain's CollisionSpi is shown all active and waiting jobs at each event; with ten thousand jobs waiting, each start would cost a walk over all of them. Here the provider is
/// told what changes and keeps whatever order suits it, so that a decision costs what its data structure costs.</para>
/// <para><b>Who calls it, and when.</b> The node that the instance was made for. <see cref="OnArrived"/> once for each job; <see cref="Next"/> when a slot is free and jobs wait;
/// for each job that was activated, <see cref="OnEnded"/> once when it has ended, and for each that is withdrawn before, <see cref="OnWithdrawn"/> once. A job that lends its slot while it waits for nested work, and
/// takes it back, is not told about. Slots, resources and a node that is short of memory are the node's business: it does not ask then.</para>
/// <para><b>Concurrency.</b> Calls never overlap, but come from different threads: the node makes them under its scheduler's lock. An implementation needs no lock of its own.</para>
/// <para><b>Blocking.</b> Never, not for a microsecond: every start of a job on the node waits for it. It allocates little, does no I/O and does not log.</para>
/// <para><b>Failure.</b> It throws nothing. If it does, or decides on a job that does not wait or does not fit, one job is handed back to its submitter with the provider's
/// name (the one that arrived, or else the one that waits longest), and the node goes on.</para>
/// <para><b>Ownership.</b> Jobs belong to the node. A provider keeps no job that it was told is withdrawn or ended longer than it needs to forget it; the memory it holds is in proportion to the jobs that wait and run.</para>
/// </remarks>
public interface ICollisionSpi
{
    /// <summary>A job has come and waits.</summary>
    /// <param name="job">The job; it stays the same object.</param>
    void OnArrived(IWaitingJob job);

    /// <summary>Decides what is done next. Called again at once after a job was activated or refused, as long as slots are free and jobs wait.</summary>
    /// <param name="room">What is free.</param>
    /// <returns>A job that has arrived and was neither activated, refused nor withdrawn, for which <see cref="IAdmissionRoom.Fits"/> holds if it is activated; the provider forgets it with that.</returns>
    CollisionDecision Next(IAdmissionRoom room);

    /// <summary>A job that waits was cancelled or handed back. <see cref="IWaitingJob.IsWithdrawn"/> is true from now on.</summary>
    /// <param name="job">The job.</param>
    void OnWithdrawn(IWaitingJob job);

    /// <summary>A job that was activated has ended. A provider that does not count what runs leaves it as it is.</summary>
    /// <param name="job">The job.</param>
    void OnEnded(IWaitingJob job)
    {
    }
}
