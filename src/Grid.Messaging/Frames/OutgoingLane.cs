using System.Buffers;
using System.Buffers.Binary;
using System.Diagnostics;

namespace Grid.Messaging.Frames;

/// <summary>
/// The queue of one lane of one peer. Small frames are encoded at once, behind one another, so that whatever piled up while a write was under way leaves
/// in one system call. Not thread-safe: the peer's lock guards it.
/// </summary>
internal sealed class OutgoingLane(Lane lane, int pieceBytes)
{
    private const int SpareMax = 2;

    private readonly Queue<OutgoingSegment> _segments = new();
    private readonly Stack<OutgoingSegment> _spare = new(SpareMax);
    private readonly byte[] _apart = new byte[MessageBuffer.HeadroomBytes];
    private OutgoingSegment? _tail;
    private int _tailFrames;

    /// <summary>The number of the message appended last.</summary>
    public long LastMessage { get; private set; }

    /// <summary>Messages up to this number have been handed to a pipe at least in part.</summary>
    public long LastTaken { get; private set; }

    public long QueuedBytes { get; private set; }

    public bool IsEmpty => _segments.Count == 0;

    /// <summary>Appends a message that travels in one frame.</summary>
    public void Append(in FrameHeader header, in ActivityContext trace, ReadOnlySpan<byte> payload)
    {
        Debug.Assert(payload.Length <= FrameHeader.WholeBytesMax, "A longer payload travels in pieces.");
        var hasTrace = TraceContext.IsPresent(trace);
        var prefix = hasTrace ? FrameHeader.TraceBytes : 0;
        var room = Reserve(FrameHeader.SizeBytes + prefix + payload.Length);
        (header with { Flags = hasTrace ? FrameFlags.HasTrace : FrameFlags.None, LengthBytes = prefix + payload.Length }).Write(room);
        if (hasTrace)
        {
            TraceContext.Write(trace, room[FrameHeader.SizeBytes..]);
        }

        payload.CopyTo(room[(FrameHeader.SizeBytes + prefix)..]);
        _tail!.LastMessage = ++LastMessage;
        _tailFrames++;
    }

    /// <summary>Appends a message as a segment of its own; the buffer is owned by the queue from now on.</summary>
    public void Append(in FrameHeader header, in ActivityContext trace, MessageBuffer payload, bool isLinkBound)
    {
        _segments.Enqueue(new OutgoingSegment
        {
            Large = payload,
            Header = header,
            Trace = trace,
            LastMessage = ++LastMessage,
            IsLinkBound = isLinkBound,
        });
        _tail = null;
        QueuedBytes += payload.WrittenBytes;
    }

    /// <summary>Takes what the next write sends: all small frames at the head, or one piece.</summary>
    /// <param name="isHeld">Take only what is bound to the link.</param>
    /// <param name="unit">What to write.</param>
    public bool TryTake(bool isHeld, out WriteUnit unit)
    {
        if (!_segments.TryPeek(out var head) || (isHeld && !head.IsLinkBound))
        {
            unit = default;
            return false;
        }

        LastTaken = head.LastMessage;
        unit = head.Small is null ? TakePiece(head) : TakeSmall(head);
        return true;
    }

    /// <summary>Gives back what a finished write used.</summary>
    public void Recycle(OutgoingSegment finished)
    {
        finished.Large?.Dispose();
        if (finished.Small is null)
        {
            return;
        }

        if (_spare.Count < SpareMax)
        {
            finished.SmallLength = 0;
            _spare.Push(finished);
        }
        else
        {
            ArrayPool<byte>.Shared.Return(finished.Small);
        }
    }

    /// <summary>Drops what belongs to the link that went down: segments about it, and the message that was partly sent.</summary>
    public void DropLinkBound()
    {
        for (var left = _segments.Count; left > 0; left--)
        {
            var segment = _segments.Dequeue();
            if (segment.IsLinkBound || segment.TakenBytes > 0)
            {
                QueuedBytes -= segment.QueuedBytes;
                GiveBack(segment);
            }
            else
            {
                _segments.Enqueue(segment);
            }
        }
    }

    public void Clear()
    {
        while (_segments.TryDequeue(out var segment))
        {
            GiveBack(segment);
        }

        _tail = null;
        QueuedBytes = 0;
    }

    /// <summary>Gives the spare arrays back; the lane stays usable.</summary>
    public void Trim()
    {
        while (_spare.TryPop(out var spare))
        {
            ArrayPool<byte>.Shared.Return(spare.Small!);
        }
    }

    // A write of the broken pipe may still be reading the array of a message that was begun: the collector takes that one.
    private void GiveBack(OutgoingSegment segment)
    {
        if (segment.TakenBytes == 0)
        {
            Recycle(segment);
        }
    }

    private Span<byte> Reserve(int bytes)
    {
        if (_tail is null || _tail.SmallLength + bytes > OutgoingSegment.SmallBytes)
        {
            _tail = _spare.TryPop(out var spare) ? spare : new OutgoingSegment
            {
                Small = ArrayPool<byte>.Shared.Rent(OutgoingSegment.SmallBytes),
                Header = default(FrameHeader) with { Lane = lane },
            };
            _segments.Enqueue(_tail);
        }

        var room = _tail.Small.AsSpan(_tail.SmallLength, bytes);
        _tail.SmallLength += bytes;
        QueuedBytes += bytes;
        return room;
    }

    private WriteUnit TakeSmall(OutgoingSegment head)
    {
        _segments.Dequeue();
        QueuedBytes -= head.SmallLength;
        if (ReferenceEquals(head, _tail))
        {
            _tail = null;
        }

        var frames = _tailFrames;
        _tailFrames = 0;
        return new WriteUnit(head.Small.AsMemory(0, head.SmallLength), frames, head);
    }

    private WriteUnit TakePiece(OutgoingSegment head)
    {
        Debug.Assert(head.Header.Lane == lane, "A segment is queued on its own lane.");
        var total = head.Large!.WrittenBytes;
        var isWhole = head.TakenBytes == 0 && total <= Math.Min(pieceBytes, FrameHeader.WholeBytesMax);
        var count = isWhole ? total : NextPiece(total - head.TakenBytes);
        var flags = head.TakenBytes > 0 ? FrameFlags.None
            : (TraceContext.IsPresent(head.Trace) ? FrameFlags.HasTrace : 0) | (isWhole ? 0 : FrameFlags.IsFirstPiece);
        var unit = head.Large.IsShared
            ? new WriteUnit(head.Large.Array.AsMemory(MessageBuffer.HeadroomBytes + head.TakenBytes, count), 1, null, WriteApart(head, flags, count))
            : new WriteUnit(WriteInFront(head, flags, count), 1, null);
        head.TakenBytes += count;
        QueuedBytes -= count;
        if (head.TakenBytes < total)
        {
            return unit;
        }

        _segments.Dequeue();
        return unit with { Finished = head };
    }

    // A rest that hardly exceeds a piece goes as one: a payload of a round size and the few bytes round it would cost a system call of their own.
    private int NextPiece(int left) => left <= Math.Min(pieceBytes + (pieceBytes / 8), FrameHeader.PieceBytesMax) ? left : Math.Min(pieceBytes, left);

    // The headers of a piece are written in front of it, over bytes that have been sent already or the headroom: one write, no copy.
    private static Memory<byte> WriteInFront(OutgoingSegment head, FrameFlags flags, int count)
    {
        var prefix = PrefixBytes(flags);
        var memory = head.Large!.Array.AsMemory(MessageBuffer.HeadroomBytes + head.TakenBytes - prefix - FrameHeader.SizeBytes, FrameHeader.SizeBytes + prefix + count);
        WriteHeaders(memory.Span, head, flags, count);
        return memory;
    }

    // A shared buffer may be sent again: it stays as it is, and the headers go ahead of the piece.
    private Memory<byte> WriteApart(OutgoingSegment head, FrameFlags flags, int count)
    {
        var headers = _apart.AsMemory(0, FrameHeader.SizeBytes + PrefixBytes(flags));
        WriteHeaders(headers.Span, head, flags, count);
        return headers;
    }

    private static int PrefixBytes(FrameFlags flags) =>
        ((flags & FrameFlags.HasTrace) != 0 ? FrameHeader.TraceBytes : 0) + ((flags & FrameFlags.IsFirstPiece) != 0 ? FrameHeader.TotalBytes : 0);

    private static void WriteHeaders(Span<byte> target, OutgoingSegment head, FrameFlags flags, int count)
    {
        var type = head.TakenBytes == 0 ? head.Header.Type : FrameType.Piece;
        (head.Header with { Type = type, Flags = flags, LengthBytes = PrefixBytes(flags) + count }).Write(target);
        var rest = target[FrameHeader.SizeBytes..];
        if ((flags & FrameFlags.HasTrace) != 0)
        {
            TraceContext.Write(head.Trace, rest);
            rest = rest[FrameHeader.TraceBytes..];
        }

        if ((flags & FrameFlags.IsFirstPiece) != 0)
        {
            BinaryPrimitives.WriteInt32LittleEndian(rest, head.Large!.WrittenBytes);
        }
    }
}
