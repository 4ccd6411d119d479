using System.Runtime.InteropServices;
using Grid.Messaging;
using Microsoft.Extensions.Logging;

namespace Grid.Kernel.ForkJoin.Stealing;

/// <summary>Gives tasks of a computation to thieves: the oldest ones, serialised only here. What did not leave runs here. Belongs to the thread of the <see cref="StealService"/>.</summary>
internal sealed class LootSender(StealSession session, StealService service, StealMachine<ForkJoinTask> machine)
{
    /// <summary>Whether the tasks of this computation do not travel: one of them could not be serialised.</summary>
    public bool IsGrounded { get; private set; }

    /// <summary>Sends up to that many tasks, or none: the answer to a request, or unasked when <paramref name="request"/> is 0.</summary>
    public void Give(NodeKey to, long request, int count)
    {
        var message = new MessageBuffer();
        message.GetSpan(StealWire.LootHeaderSize);
        message.Advance(StealWire.LootHeaderSize);
        var given = new List<long>();
        while (given.Count < count && message.WrittenBytes < service.Options.LootBytesMax && TryPack(to, message, out var number))
        {
            given.Add(number);
        }

        StealWire.WriteLootHeader(MemoryMarshal.AsMemory(message.WrittenMemory).Span, session.Id, request, given.Count);
        var bytes = message.WrittenBytes;
        if (service.TrySend(to, StealWire.Loot, message))
        {
            service.Metrics.CountBytes(bytes);
        }
        else
        {
            given.ForEach(number => session.Computation.Import(machine.TakeBack(number)));
        }
    }

    private bool TryPack(NodeKey to, MessageBuffer message, out long number)
    {
        number = 0;
        if (IsGrounded || session.Computation.TakeOldest() is not { } task)
        {
            return false;
        }

        using var bytes = new MessageBuffer();
        try
        {
            session.Serializer.Write(bytes, task, "task");
        }
        catch (GridException exception)
        {
            StealLog.TaskNotShippable(session.Logger, exception);
            IsGrounded = true;
        }

        if (IsGrounded || bytes.WrittenBytes > service.Options.TaskBytesMax)
        {
            session.Computation.Import(task);
            return false;
        }

        number = machine.Lend(to, task);
        StealWire.WriteTask(message, number, bytes.WrittenSpan);
        return true;
    }
}
