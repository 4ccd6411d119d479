using System.Buffers.Binary;
using Grid.Messaging.Frames;
using Grid.Messaging.Links;

namespace Grid.Messaging.Streams;

/// <summary>
/// The streams of one link; they end with it. A stream is named by its opener's number, and in frames the kind says whether the sender is the opener (1) or
/// not (0), so that both sides number freely. Each direction begins with a fixed credit; a side with a larger window grants the rest at once.
/// </summary>
internal sealed class StreamTable(Link link, MessengerContext context)
{
    public const int HeaderBytesMax = 16 * 1024;

    public const int InitialCreditBytes = 64 * 1024;

    private readonly Lock _gate = new();
    private readonly Dictionary<(long Id, bool IsOpenedHere), PeerStream> _streams = [];
    private long _lastId;
    private int _count;
    private GridException? _ended;

    public int Count => Volatile.Read(ref _count);

    public Peer Peer => link.Peer;

    public PeerStream Open(byte kind, Lane lane, ReadOnlySpan<byte> header)
    {
        PeerStream stream;
        lock (_gate)
        {
            if (_ended is { } ended)
            {
                throw new CommunicationException(ended.Message, ended);
            }

            if (_count >= context.Options.StreamsMax)
            {
                throw new CommunicationException($"{_count} streams with {link.Peer.Node} are open; close some, or raise {nameof(MessengerOptions.StreamsMax)}.");
            }

            stream = AddNeedsLock(++_lastId, isOpenedHere: true, lane);
        }

        link.Peer.Outbox.AddLinkBound(link, new FrameHeader(FrameType.StreamOpen, kind, FrameFlags.None, lane, stream.Id, 0), header);
        stream.GrantWindow();
        return stream;
    }

    /// <summary>Takes a stream's frame; I/O thread.</summary>
    public void OnFrame(in FrameHeader header, in IncomingMessage message)
    {
        if (header.Type == FrameType.StreamOpen)
        {
            OnOpen(header, message);
            return;
        }

        PeerStream? stream;
        lock (_gate)
        {
            stream = _streams.GetValueOrDefault((header.Id, header.Kind == 0));
        }

        switch (header.Type)
        {
            // Frames of a stream that was aborted here may still be on their way.
            case var _ when stream is null:
                break;
            case FrameType.StreamData:
                stream.OnData(message.TakePayload());
                break;
            case FrameType.StreamCredit:
                stream.OnCredit(message.Payload.Length == 4 ? BinaryPrimitives.ReadInt32LittleEndian(message.Payload) : -1);
                break;
            case FrameType.StreamEnd:
                stream.OnEnd();
                break;
            case FrameType.StreamAbort:
                stream.Fail(new CommunicationException($"{link.Peer.Node} aborted the stream.") { MayHaveBeenDelivered = true });
                break;
            default:
                throw FrameHeader.Violation($"frame type {header.Type} is none of a stream");
        }
    }

    /// <summary>Sends a frame of a stream; nothing happens when the link is gone, which ends the stream anyway.</summary>
    public void Send(PeerStream stream, FrameType type, ReadOnlySpan<byte> payload)
    {
        var kind = stream.IsOpenedHere ? (byte)1 : (byte)0;
        link.Peer.Outbox.AddLinkBound(link, new FrameHeader(type, kind, FrameFlags.None, stream.Lane, stream.Id, 0), payload);
    }

    public void Remove(PeerStream stream)
    {
        lock (_gate)
        {
            if (_streams.Remove((stream.Id, stream.IsOpenedHere)))
            {
                Volatile.Write(ref _count, _count - 1);
            }
        }
    }

    /// <summary>The link has ended.</summary>
    public void FailAll(GridException reason)
    {
        PeerStream[] streams;
        lock (_gate)
        {
            _ended = reason;
            streams = [.. _streams.Values];
        }

        foreach (var stream in streams)
        {
            stream.Fail(reason);
        }
    }

    private void OnOpen(in FrameHeader header, in IncomingMessage message)
    {
        var handler = context.StreamHandlers[header.Kind];
        PeerStream? stream = null;
        lock (_gate)
        {
            if (_streams.ContainsKey((header.Id, false)))
            {
                throw FrameHeader.Violation("a stream that is open already");
            }

            if (handler is not null && _count < context.Options.StreamsMax)
            {
                stream = AddNeedsLock(header.Id, isOpenedHere: false, header.Lane);
            }
        }

        if (stream is null)
        {
            // Nobody handles the kind, or there are too many: the opener's calls fail.
            link.Peer.Outbox.AddLinkBound(link, new FrameHeader(FrameType.StreamAbort, 0, FrameFlags.None, header.Lane, header.Id, 0), []);
            return;
        }

        stream.GrantWindow();
        handler!.OnStream(link.Peer, message, stream);
    }

    private PeerStream AddNeedsLock(long id, bool isOpenedHere, Lane lane)
    {
        var stream = new PeerStream(this, id, isOpenedHere, lane, context.Options.StreamWindowBytes);
        _streams.Add((id, isOpenedHere), stream);
        Volatile.Write(ref _count, _count + 1);
        return stream;
    }
}
