using System.Diagnostics;
using Grid.Messaging;
using Grid.Serialization;

namespace Grid.Kernel.ForkJoin.Stealing;

/// <summary>A task that was stolen from another node: read, run, and its outcome sent there, on the lane that takes it.</summary>
/// <param name="session">The computation's part on this node.</param>
/// <param name="victim">Who waits for it.</param>
/// <param name="number">The victim's number for it.</param>
/// <param name="bytes">The task.</param>
internal sealed class LootTask(StealSession session, NodeKey victim, long number, byte[] bytes) : ForkJoinTask<bool>
{
    /// <inheritdoc/>
    protected override bool Compute()
    {
        var start = session.Time.GetTimestamp();
        ForkJoinTask task;
        try
        {
            task = session.Serializer.Read<ForkJoinTask>(bytes) ?? throw new MalformedPayloadException("The payload is nil where a fork/join task was expected.");
        }
        catch (GridException exception)
        {
            StealLog.TaskUnreadable(session.Logger, victim, exception);
            session.SendStatus(victim, number, OutcomeStatus.Unreadable);
            return false;
        }

        task.RunKept(ForkJoinWorker.Current!);
        if (!session.IsEnded)
        {
            Send(task, (int)Math.Min(session.Time.GetElapsedTime(start).TotalMicroseconds, int.MaxValue));
        }

        return true;
    }

    private void Send(ForkJoinTask task, int microseconds)
    {
        Debug.Assert(task.IsDone);
        var message = new MessageBuffer();
        message.Advance(StealWire.OutcomeHeaderSize);
        try
        {
            var writer = new OutcomeWriter(session.Serializer, message);
            task.WriteOutcome(writer);
            session.SendOutcome(victim, number, writer.IsFailure ? OutcomeStatus.Threw : OutcomeStatus.Returned, microseconds, message);
        }
        catch (GridException exception)
        {
            // The victim finds out for itself: there the result need not travel.
            message.Dispose();
            StealLog.OutcomeNotWritten(session.Logger, victim, exception);
            session.SendStatus(victim, number, OutcomeStatus.Unreadable);
        }
    }
}
