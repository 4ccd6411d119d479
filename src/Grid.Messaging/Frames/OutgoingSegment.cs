namespace Grid.Messaging.Frames;

/// <summary>
/// A stretch of a lane's queue: either many small frames, encoded one after another in one array that is written as it is, or one large message that is
/// written piece by piece.
/// </summary>
internal sealed class OutgoingSegment
{
    /// <summary>Room for small frames; at least one whole frame fits.</summary>
    public const int SmallBytes = 64 * 1024;

    /// <summary>Small frames, or <see langword="null"/>.</summary>
    public byte[]? Small { get; init; }

    public int SmallLength { get; set; }

    /// <summary>A large message, or <see langword="null"/>.</summary>
    public MessageBuffer? Large { get; init; }

    public FrameHeader Header { get; init; }

    public System.Diagnostics.ActivityContext Trace { get; init; }

    /// <summary>How many payload bytes of the large message have been taken for writing.</summary>
    public int TakenBytes { get; set; }

    /// <summary>The number of the last message in the segment, in the order of the lane.</summary>
    public long LastMessage { get; set; }

    /// <summary>Whether it is about one link (pings, streams): dropped when that link goes, and sent while the queue is held.</summary>
    public bool IsLinkBound { get; init; }

    /// <summary>Bytes that count toward the bound of the queue.</summary>
    public int QueuedBytes => Small is null ? Large!.WrittenBytes - TakenBytes : SmallLength;
}
