using System.Buffers.Binary;

namespace Grid.Messaging.Frames;

/// <summary>The 16 bytes before every frame: length of what follows (4), type, kind, flags, lane (1 each), id of request or stream (8). Little-endian.</summary>
internal readonly record struct FrameHeader(FrameType Type, byte Kind, FrameFlags Flags, Lane Lane, long Id, int LengthBytes)
{
    public const int SizeBytes = 16;

    /// <summary>Messages up to this size travel in one frame, which the reader takes from the pipe as one.</summary>
    public const int WholeBytesMax = 32 * 1024;

    /// <summary>The largest piece of a longer message.</summary>
    public const int PieceBytesMax = 1024 * 1024;

    /// <summary>Trace context and message length, at most.</summary>
    public const int PrefixBytesMax = TraceBytes + TotalBytes;

    public const int TraceBytes = 25;

    public const int TotalBytes = 4;

    private const FrameFlags Known = FrameFlags.HasTrace | FrameFlags.IsFirstPiece;

    public bool IsPiece => Type == FrameType.Piece || (Flags & FrameFlags.IsFirstPiece) != 0;

    public void Write(Span<byte> destination)
    {
        BinaryPrimitives.WriteInt32LittleEndian(destination, LengthBytes);
        destination[7] = (byte)Lane;
        destination[4] = (byte)Type;
        destination[5] = Kind;
        destination[6] = (byte)Flags;
        BinaryPrimitives.WriteInt64LittleEndian(destination[8..], Id);
    }

    /// <summary>Reads and checks a header; nothing has been allocated for the frame yet.</summary>
    /// <exception cref="CommunicationException">The header breaks the protocol.</exception>
    public static FrameHeader Read(ReadOnlySpan<byte> source)
    {
        var header = new FrameHeader(
            (FrameType)source[4], source[5], (FrameFlags)source[6], (Lane)source[7], BinaryPrimitives.ReadInt64LittleEndian(source[8..]), BinaryPrimitives.ReadInt32LittleEndian(source));
        if (header.Type is FrameType.None or > FrameType.NotHandled || header.Lane > Lane.Bulk || (header.Flags & ~Known) != 0)
        {
            throw Violation($"frame type {source[4]}, flags {source[6]}, lane {source[7]} are not all known");
        }

        var most = header.IsPiece ? PieceBytesMax + PrefixBytesMax : WholeBytesMax + PrefixBytesMax;
        var least = ((header.Flags & FrameFlags.HasTrace) != 0 ? TraceBytes : 0) + ((header.Flags & FrameFlags.IsFirstPiece) != 0 ? TotalBytes : 0);
        return header.LengthBytes >= least && header.LengthBytes <= most
            ? header
            : throw Violation($"a frame of {header.LengthBytes} bytes; accepted is {least} to {most}");
    }

    public static CommunicationException Violation(string what) =>
        new($"The peer broke the link protocol: {what}. The link is closed; check that both nodes run compatible versions of Grid.") { MayHaveBeenDelivered = true };
}
