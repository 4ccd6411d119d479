using System.Buffers.Binary;
using Grid.Spi;

namespace Grid.Checkpoint.FileSystem;

/// <summary>What stands before the names and the value in the file of an entry: 73 bytes, little-endian.</summary>
/// <param name="IsRemoved">The entry was removed; the file only remembers by whom.</param>
/// <param name="DueAt">When it has outlived its time, to the millisecond.</param>
/// <param name="Attempt">Who touched it last.</param>
/// <param name="KeyBytes">How many bytes its key has.</param>
/// <param name="ValueBytes">How many bytes its value has.</param>
internal readonly record struct EntryHead(bool IsRemoved, DateTimeOffset DueAt, CheckpointAttempt Attempt, int KeyBytes, int ValueBytes)
{
    public const int Size = 4 + 1 + 8 + 16 + 8 + 16 + 8 + 4 + 4 + 4;

    private const uint Magic = 0x31504347; // "GCP1"

    public static bool TryRead(ReadOnlySpan<byte> source, out EntryHead head)
    {
        head = default;
        if (source.Length < Size || BinaryPrimitives.ReadUInt32LittleEndian(source) != Magic || source[4] > 1)
        {
            return false;
        }

        var due = BinaryPrimitives.ReadInt64LittleEndian(source[5..]);
        if (due < 0 || due > DateTimeOffset.MaxValue.ToUnixTimeMilliseconds())
        {
            return false;
        }

        var job = new JobId(new NodeId(BinaryPrimitives.ReadUInt128LittleEndian(source[13..])), BinaryPrimitives.ReadInt64LittleEndian(source[29..]));
        var member = new NodeKey(new NodeId(BinaryPrimitives.ReadUInt128LittleEndian(source[37..])), BinaryPrimitives.ReadInt64LittleEndian(source[53..]));
        var attempt = new CheckpointAttempt(job, new JobFence(member, BinaryPrimitives.ReadInt32LittleEndian(source[61..])));
        head = new EntryHead(
            source[4] == 1, DateTimeOffset.FromUnixTimeMilliseconds(due), attempt, BinaryPrimitives.ReadInt32LittleEndian(source[65..]), BinaryPrimitives.ReadInt32LittleEndian(source[69..]));
        return head is { KeyBytes: >= 0, ValueBytes: >= 0 };
    }

    public void Write(Span<byte> target)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(target, Magic);
        target[4] = IsRemoved ? (byte)1 : (byte)0;
        BinaryPrimitives.WriteInt64LittleEndian(target[5..], DueAt.ToUnixTimeMilliseconds());
        BinaryPrimitives.WriteUInt128LittleEndian(target[13..], Attempt.Job.Submitter.Value);
        BinaryPrimitives.WriteInt64LittleEndian(target[29..], Attempt.Job.Number);
        BinaryPrimitives.WriteUInt128LittleEndian(target[37..], Attempt.Fence.Member.Id.Value);
        BinaryPrimitives.WriteInt64LittleEndian(target[53..], Attempt.Fence.Member.Incarnation);
        BinaryPrimitives.WriteInt32LittleEndian(target[61..], Attempt.Fence.Attempt);
        BinaryPrimitives.WriteInt32LittleEndian(target[65..], KeyBytes);
        BinaryPrimitives.WriteInt32LittleEndian(target[69..], ValueBytes);
    }
}
