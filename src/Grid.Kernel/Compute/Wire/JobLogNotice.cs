using System.Buffers.Binary;
using System.Text;
using Microsoft.Extensions.Logging;

namespace Grid.Kernel.Compute.Wire;

/// <summary>A one-way message to the submitter: a line that an attempt has logged.</summary>
/// <param name="Number">The submitter's number of the job.</param>
/// <param name="Attempt">Which attempt.</param>
/// <param name="Line">The line.</param>
internal readonly record struct JobLogNotice(long Number, int Attempt, JobLogLine Line)
{
    private const int FixedSize = 8 + 4 + 1;
    private const int TextCharsMax = 4096;

    public static bool TryRead(ReadOnlySpan<byte> source, out JobLogNotice notice)
    {
        notice = default;
        if (source.Length is < FixedSize or > FixedSize + (3 * TextCharsMax) || source[12] >= (byte)LogLevel.None)
        {
            return false;
        }

        notice = new JobLogNotice(
            BinaryPrimitives.ReadInt64LittleEndian(source),
            BinaryPrimitives.ReadInt32LittleEndian(source[8..]),
            new JobLogLine((LogLevel)source[12], Encoding.UTF8.GetString(source[FixedSize..])));
        return true;
    }

    public byte[] ToBytes()
    {
        var text = Line.Text.AsSpan(0, Math.Min(Line.Text.Length, TextCharsMax));
        var bytes = new byte[FixedSize + Encoding.UTF8.GetByteCount(text)];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, Number);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(8), Attempt);
        bytes[12] = (byte)Line.Level;
        Encoding.UTF8.GetBytes(text, bytes.AsSpan(FixedSize));
        return bytes;
    }
}
