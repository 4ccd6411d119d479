using System.Buffers.Binary;
using System.Text;

namespace Grid.Kernel.Compute.Wire;

/// <summary>A one-way message about an attempt: that it started, how far it is, or (to the worker) that it is no longer wanted.</summary>
/// <param name="Number">The submitter's number of the job.</param>
/// <param name="Attempt">Which attempt.</param>
/// <param name="Progress">How far it is; null when the message is only about the attempt itself.</param>
internal readonly record struct JobNotice(long Number, int Attempt, JobProgress? Progress = null)
{
    private const int FixedSize = 8 + 4;
    private const int MessageCharsMax = 1024;

    public static bool TryRead(ReadOnlySpan<byte> source, out JobNotice notice)
    {
        notice = default;
        if (source.Length < FixedSize)
        {
            return false;
        }

        var number = BinaryPrimitives.ReadInt64LittleEndian(source);
        var attempt = BinaryPrimitives.ReadInt32LittleEndian(source[8..]);
        var rest = source[FixedSize..];
        if (rest.Length is > 0 and < 9)
        {
            return false;
        }

        notice = new JobNotice(number, attempt, rest.IsEmpty ? null : ReadProgress(rest));
        return true;
    }

    public byte[] ToBytes()
    {
        var message = Progress?.Message is { } text ? Encoding.UTF8.GetBytes(text.Length > MessageCharsMax ? text[..MessageCharsMax] : text) : [];
        var bytes = new byte[FixedSize + (Progress is null ? 0 : 9 + message.Length)];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, Number);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(8), Attempt);
        if (Progress is { } progress)
        {
            BinaryPrimitives.WriteDoubleLittleEndian(bytes.AsSpan(FixedSize), progress.Fraction);
            bytes[FixedSize + 8] = progress.Message is null ? (byte)0 : (byte)1;
            message.CopyTo(bytes, FixedSize + 9);
        }

        return bytes;
    }

    private static JobProgress ReadProgress(ReadOnlySpan<byte> source) =>
        new(BinaryPrimitives.ReadDoubleLittleEndian(source), source[8] == 0 ? null : Encoding.UTF8.GetString(source[9..]));
}
