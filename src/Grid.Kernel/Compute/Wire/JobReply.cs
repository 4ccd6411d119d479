using System.Buffers.Binary;
using System.Text;

namespace Grid.Kernel.Compute.Wire;

/// <summary>The answer to a request: the status, the attempt it answers, and what belongs to the status.</summary>
internal readonly ref struct JobReply
{
    public const int HeaderSize = 1 + 4;

    private JobReply(ReplyStatus status, int attempt, ReadOnlySpan<byte> body)
    {
        Status = status;
        Attempt = attempt;
        Body = body;
    }

    public ReplyStatus Status { get; }

    public int Attempt { get; }

    public ReadOnlySpan<byte> Body { get; }

    public static bool TryRead(ReadOnlySpan<byte> source, out JobReply reply)
    {
        if (source.Length < HeaderSize || source[0] > (byte)ReplyStatus.Cancelled)
        {
            reply = default;
            return false;
        }

        reply = new JobReply((ReplyStatus)source[0], BinaryPrimitives.ReadInt32LittleEndian(source[1..]), source[HeaderSize..]);
        return true;
    }

    public static void WriteHeader(Span<byte> target, ReplyStatus status, int attempt)
    {
        target[0] = (byte)status;
        BinaryPrimitives.WriteInt32LittleEndian(target[1..], attempt);
    }

    /// <summary>A whole reply whose body is a reason in words; cut at 4 KiB.</summary>
    public static byte[] OfReason(ReplyStatus status, int attempt, string reason)
    {
        const int ReasonCharsMax = 1024;
        var text = Encoding.UTF8.GetBytes(reason.Length > ReasonCharsMax ? reason[..ReasonCharsMax] : reason);
        var reply = new byte[HeaderSize + text.Length];
        WriteHeader(reply, status, attempt);
        text.CopyTo(reply, HeaderSize);
        return reply;
    }

    public string Reason() => Encoding.UTF8.GetString(Body);
}
