using System.Buffers;
using System.Buffers.Binary;
using System.Diagnostics;

namespace Grid.Messaging.Frames;

/// <summary>
/// Cuts the bytes of one link into messages. A frame up to <see cref="FrameHeader.WholeBytesMax"/> is handed on where it lies in the pipe's buffer; the
/// pieces of longer messages are copied once, into the buffer that the handler may take over. Used by one thread at a time.
/// </summary>
internal sealed class FrameReader(IFrameSink sink, int messageBytesMax)
{
    private readonly Assembly?[] _assemblies = new Assembly?[3];
    private Assembly? _current;
    private int _pieceBytesLeft;

    /// <summary>How many frames have been read.</summary>
    public long Frames { get; private set; }

    /// <summary>Reads what is complete.</summary>
    /// <returns>Up to where the bytes have been used.</returns>
    /// <exception cref="CommunicationException">The bytes break the protocol.</exception>
    public SequencePosition Read(in ReadOnlySequence<byte> bytes)
    {
        if (bytes.IsSingleSegment)
        {
            return bytes.GetPosition(Read(bytes.FirstSpan));
        }

        // Pipes of other providers may hand out several segments; ours does not.
        var length = (int)Math.Min(bytes.Length, FrameHeader.SizeBytes + FrameHeader.PrefixBytesMax + FrameHeader.PieceBytesMax);
        var copy = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            bytes.Slice(0, length).CopyTo(copy);
            return bytes.GetPosition(Read(copy.AsSpan(0, length)));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(copy);
        }
    }

    /// <summary>Reads what is complete.</summary>
    /// <returns>How many bytes have been used.</returns>
    public int Read(ReadOnlySpan<byte> bytes)
    {
        var used = 0;
        while (true)
        {
            var left = bytes[used..];
            var step = _pieceBytesLeft > 0 ? ReadPiece(left) : ReadFrame(left);
            if (step == 0)
            {
                return used;
            }

            used += step;
        }
    }

    /// <summary>Gives back what was being assembled.</summary>
    public void DropAssemblies()
    {
        foreach (var assembly in _assemblies)
        {
            assembly?.Buffer.Dispose();
        }

        Array.Clear(_assemblies);
    }

    private int ReadFrame(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < FrameHeader.SizeBytes)
        {
            return 0;
        }

        var header = FrameHeader.Read(bytes);
        if (header.IsPiece)
        {
            return BeginPiece(header, bytes[FrameHeader.SizeBytes..]);
        }

        if (bytes.Length - FrameHeader.SizeBytes < header.LengthBytes)
        {
            return 0;
        }

        var payload = bytes.Slice(FrameHeader.SizeBytes, header.LengthBytes);
        Frames++;
        sink.OnFrame(header, payload[TraceLength(header)..], null, ReadTrace(header, payload));
        return FrameHeader.SizeBytes + header.LengthBytes;
    }

    private int BeginPiece(in FrameHeader header, ReadOnlySpan<byte> bytes)
    {
        var prefix = TraceLength(header) + ((header.Flags & FrameFlags.IsFirstPiece) != 0 ? FrameHeader.TotalBytes : 0);
        if (bytes.Length < prefix)
        {
            return 0;
        }

        Frames++;
        _current = (header.Flags & FrameFlags.IsFirstPiece) != 0 ? Begin(header, bytes) : _assemblies[(int)header.Lane];
        var length = header.LengthBytes - prefix;
        if (_current is null || _current.Header.Id != header.Id || length == 0 || length > _current.TotalBytes - _current.Buffer.WrittenBytes)
        {
            throw FrameHeader.Violation("a piece that does not continue the message begun on its lane");
        }

        _pieceBytesLeft = length;
        return FrameHeader.SizeBytes + prefix;
    }

    private Assembly Begin(in FrameHeader header, ReadOnlySpan<byte> bytes)
    {
        var total = BinaryPrimitives.ReadInt32LittleEndian(bytes[TraceLength(header)..]);
        if (total <= 0 || total > messageBytesMax)
        {
            throw FrameHeader.Violation($"a message of {total} bytes; accepted is up to {messageBytesMax} ({nameof(MessengerOptions.MessageBytesMax)})");
        }

        if (_assemblies[(int)header.Lane] is not null)
        {
            throw FrameHeader.Violation("a message that begins before the last one on its lane ended");
        }

        var assembly = new Assembly(header, ReadTrace(header, bytes), total, new MessageBuffer(total));
        _assemblies[(int)header.Lane] = assembly;
        return assembly;
    }

    private int ReadPiece(ReadOnlySpan<byte> bytes)
    {
        var count = Math.Min(bytes.Length, _pieceBytesLeft);
        var current = _current!;
        bytes[..count].CopyTo(current.Buffer.GetSpan(count));
        current.Buffer.Advance(count);
        _pieceBytesLeft -= count;
        if (current.Buffer.WrittenBytes == current.TotalBytes)
        {
            Finish(current);
        }

        return count;
    }

    private void Finish(Assembly assembly)
    {
        _assemblies[(int)assembly.Header.Lane] = null;
        try
        {
            sink.OnFrame(assembly.Header, assembly.Buffer.WrittenSpan, assembly.Buffer, assembly.Trace);
        }
        finally
        {
            if (!assembly.Buffer.IsTaken)
            {
                assembly.Buffer.Dispose();
            }
        }
    }

    private static int TraceLength(in FrameHeader header) => (header.Flags & FrameFlags.HasTrace) != 0 ? FrameHeader.TraceBytes : 0;

    private static ActivityContext ReadTrace(in FrameHeader header, ReadOnlySpan<byte> bytes) =>
        (header.Flags & FrameFlags.HasTrace) != 0 ? TraceContext.Read(bytes) : default;

    private sealed record Assembly(FrameHeader Header, ActivityContext Trace, int TotalBytes, MessageBuffer Buffer);
}
