using System.Collections;
using System.Collections.Specialized;
using System.Text;

namespace Grid.Serialization;

/// <summary>Single types whose state is reached through their public surface.</summary>
internal static class ObjectCoding
{
    private static readonly CancellationToken Cancelled = new(canceled: true);

    public static void Register(Dictionary<Type, Func<Formatter>> known)
    {
        known.Add(typeof(CancellationToken), static () => new ValueFormatter<CancellationToken>(
            static (ref w, v) => w.WriteBoolean(v.IsCancellationRequested),
            static (ref r) => r.ReadBoolean() ? Cancelled : r.State.CancellationToken,
            isLeaf: false));
        known.Add(typeof(BitVector32), static () => new ValueFormatter<BitVector32>(static (ref w, v) => w.WriteInt32(v.Data), static (ref r) => new BitVector32(r.ReadInt32())));
        known.Add(typeof(StringBuilder), () => new MutableFormatter<StringBuilder>(WriteText, ReadText));
        known.Add(typeof(BitArray), () => new MutableFormatter<BitArray>(WriteBits, ReadBits));
        known.Add(typeof(Lock), () => new MutableFormatter<Lock>(static (ref w, _) => w.WriteArrayHeader(0), ReadLock));
        known.Add(typeof(DBNull), () => new FamilyFormatter<DBNull, DBNull>(static (ref w, _) => w.WriteArrayHeader(0), ReadNothing));
    }

    private static void WriteText(ref PayloadWriter writer, StringBuilder value) => writer.WriteString(value.ToString());

    private static StringBuilder ReadText(ref PayloadReader reader) => new(reader.ReadString());

    private static void WriteBits(ref PayloadWriter writer, BitArray value)
    {
        var bytes = new byte[(value.Length + 7) / 8];
        value.CopyTo(bytes, 0);
        writer.WriteArrayHeader(2);
        writer.WriteInt32(value.Length);
        writer.WriteBinary(bytes);
    }

    private static BitArray ReadBits(ref PayloadReader reader)
    {
        reader.ReadArrayHeaderOf(2);
        var length = reader.ReadInt32();
        var bytes = reader.ReadBinary();
        if (length < 0 || bytes.Length != (length + 7L) / 8)
        {
            Malformed.Content(reader.Position, $"{length} bits stand in {bytes.Length} bytes.");
        }

        return new BitArray(bytes.ToArray()) { Length = length };
    }

    /// <summary>A lock guards the copy that it comes with, so it arrives free.</summary>
    private static Lock ReadLock(ref PayloadReader reader)
    {
        reader.ReadArrayHeaderOf(0);
        return new Lock();
    }

    private static DBNull ReadNothing(ref PayloadReader reader)
    {
        reader.ReadArrayHeaderOf(0);
        return DBNull.Value;
    }
}
