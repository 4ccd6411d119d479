using System.Buffers.Binary;
using System.Text;
using Grid.Messaging;

namespace Grid.Kernel.Deployment.Wire;

/// <summary>The answer to a <see cref="CodeRequest"/>: the status, the length of the whole, and the piece or the reason.</summary>
internal readonly ref struct CodeReply
{
    private const int HeaderSize = 1 + 4;
    private const int ReasonCharsMax = 512;

    private CodeReply(CodeStatus status, int total, ReadOnlySpan<byte> body)
    {
        Status = status;
        Total = total;
        Body = body;
    }

    public CodeStatus Status { get; }

    /// <summary>How long the manifest or file is that the piece belongs to.</summary>
    public int Total { get; }

    public ReadOnlySpan<byte> Body { get; }

    public static bool TryRead(ReadOnlySpan<byte> source, out CodeReply reply)
    {
        if (source.Length < HeaderSize || source[0] > (byte)CodeStatus.Refused)
        {
            reply = default;
            return false;
        }

        reply = new CodeReply((CodeStatus)source[0], BinaryPrimitives.ReadInt32LittleEndian(source[1..]), source[HeaderSize..]);
        return reply.Total >= 0;
    }

    /// <summary>A piece, in a buffer that the link takes over.</summary>
    public static MessageBuffer Give(ReadOnlySpan<byte> whole, int offset, int count)
    {
        var start = Math.Min(offset, whole.Length);
        return Make(CodeStatus.Given, whole.Length, whole.Slice(start, Math.Min(count, whole.Length - start)));
    }

    public static MessageBuffer Unknown() => Make(CodeStatus.Unknown, 0, []);

    public static MessageBuffer Refuse(string reason) =>
        Make(CodeStatus.Refused, 0, Encoding.UTF8.GetBytes(reason.Length > ReasonCharsMax ? reason[..ReasonCharsMax] : reason));

    private static MessageBuffer Make(CodeStatus status, int total, ReadOnlySpan<byte> body)
    {
        var buffer = new MessageBuffer(HeaderSize + body.Length);
        var target = buffer.GetSpan(HeaderSize + body.Length);
        target[0] = (byte)status;
        BinaryPrimitives.WriteInt32LittleEndian(target[1..], total);
        body.CopyTo(target[HeaderSize..]);
        buffer.Advance(HeaderSize + body.Length);
        return buffer;
    }
}
