using System.Buffers.Binary;
using Grid.Messaging;

namespace Grid.Kernel.ForkJoin.Stealing;

/// <summary>The messages between the nodes of a computation. Each begins with the <see cref="ComputationId"/>; numbers are little-endian. The kinds and layouts are part of the wire format.</summary>
internal static class StealWire
{
    /// <summary>One-way, to the home: the sender takes part now. Nothing follows.</summary>
    public const byte Join = 64;

    /// <summary>One-way, from the home: who takes part, the home included. A count (4 bytes), then the keys.</summary>
    public const byte Members = 65;

    /// <summary>One-way: the sender wants work. Its number (8), then 1 if it wants to be sent work later when there is none now, else 0.</summary>
    public const byte Ask = 66;

    /// <summary>One-way, answers <see cref="Ask"/>: its number (8), a count (4), then each task: its number (8), its length (4), its bytes.</summary>
    public const byte Loot = 67;

    /// <summary>One-way, to the victim: a task's number (8), an <see cref="OutcomeStatus"/> (1), how long it ran in microseconds (4), then the value or exception.</summary>
    public const byte Outcome = 68;

    /// <summary>One-way, to the thief, now and then: the sender waits for outcomes, and the link is wanted. Nothing follows.</summary>
    public const byte Waiting = 69;

    public const int KeySize = 16 + 8;
    public const int AskSize = ComputationId.Size + 8 + 1;
    public const int LootHeaderSize = ComputationId.Size + 8 + 4;
    public const int TaskHeaderSize = 8 + 4;

    /// <summary>How many nodes a computation can have, whatever the home's options say.</summary>
    public const int MembersMax = 4096;

    public const int OutcomeHeaderSize = ComputationId.Size + 8 + 1 + 4;

    /// <summary>
    /// Whether a node that has too much to do may throw a message away: it is sent again, or nothing waits for it. Not so loot and outcomes, of which there are no more than
    /// this node has asked for and lent: a task would be gone whose victim waits for it.
    /// </summary>
    public static bool MayBeDropped(byte kind) => kind is not (Loot or Outcome);

    public static NodeKey ReadKey(ReadOnlySpan<byte> source) =>
        new(new NodeId(BinaryPrimitives.ReadUInt128LittleEndian(source)), BinaryPrimitives.ReadInt64LittleEndian(source[16..]));

    public static void WriteKey(Span<byte> target, NodeKey key)
    {
        BinaryPrimitives.WriteUInt128LittleEndian(target, key.Id.Value);
        BinaryPrimitives.WriteInt64LittleEndian(target[16..], key.Incarnation);
    }

    public static byte[] OfMembers(ComputationId computation, IReadOnlyCollection<NodeKey> members)
    {
        var bytes = new byte[ComputationId.Size + 4 + (members.Count * KeySize)];
        computation.Write(bytes);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(ComputationId.Size), members.Count);
        var at = ComputationId.Size + 4;
        foreach (var member in members)
        {
            WriteKey(bytes.AsSpan(at), member);
            at += KeySize;
        }

        return bytes;
    }

    /// <param name="source">The message.</param>
    /// <param name="members">Who takes part.</param>
    public static bool TryReadMembers(ReadOnlySpan<byte> source, out NodeKey[] members)
    {
        members = [];
        if (source.Length < ComputationId.Size + 4)
        {
            return false;
        }

        var count = BinaryPrimitives.ReadInt32LittleEndian(source[ComputationId.Size..]);
        var rest = source[(ComputationId.Size + 4)..];
        if (count < 0 || count > MembersMax || rest.Length != (long)count * KeySize)
        {
            return false;
        }

        members = new NodeKey[count];
        for (var i = 0; i < count; i++)
        {
            members[i] = ReadKey(rest[(i * KeySize)..]);
        }

        return true;
    }

    public static byte[] OfAsk(ComputationId computation, long number, bool isLifeline)
    {
        var bytes = new byte[AskSize];
        computation.Write(bytes);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(ComputationId.Size), number);
        bytes[AskSize - 1] = isLifeline ? (byte)1 : (byte)0;
        return bytes;
    }

    public static void WriteLootHeader(Span<byte> target, ComputationId computation, long request, int tasks)
    {
        computation.Write(target);
        BinaryPrimitives.WriteInt64LittleEndian(target[ComputationId.Size..], request);
        BinaryPrimitives.WriteInt32LittleEndian(target[(ComputationId.Size + 8)..], tasks);
    }

    /// <summary>Adds a task to a <see cref="Loot"/> message.</summary>
    public static void WriteTask(MessageBuffer message, long number, ReadOnlySpan<byte> task)
    {
        var target = message.GetSpan(TaskHeaderSize + task.Length);
        BinaryPrimitives.WriteInt64LittleEndian(target, number);
        BinaryPrimitives.WriteInt32LittleEndian(target[8..], task.Length);
        task.CopyTo(target[TaskHeaderSize..]);
        message.Advance(TaskHeaderSize + task.Length);
    }

    /// <summary>The next task of a <see cref="Loot"/> message, and where the one after it begins.</summary>
    public static bool TryReadTask(ReadOnlySpan<byte> source, ref int at, out long number, out ReadOnlySpan<byte> task)
    {
        number = 0;
        task = default;
        if (at > source.Length - TaskHeaderSize)
        {
            return false;
        }

        number = BinaryPrimitives.ReadInt64LittleEndian(source[at..]);
        var length = BinaryPrimitives.ReadInt32LittleEndian(source[(at + 8)..]);
        at += TaskHeaderSize;
        if (length < 0 || length > source.Length - at)
        {
            return false;
        }

        task = source.Slice(at, length);
        at += length;
        return true;
    }
}
