using System.Buffers.Binary;
using Grid.ZooKeeper.Wire;

namespace Grid.ZooKeeper.Session;

/// <summary>Cuts the bytes of a connection into frames. Owned by the reading thread.</summary>
internal sealed class FrameReader(Link link, int frameBytesMax, Action received)
{
    private const int CapacityUsual = 32 * 1024;
    private byte[] _buffer = new byte[CapacityUsual];
    private int _start;
    private int _end;

    /// <summary>Whether the next frame is here already.</summary>
    public bool HasNext
    {
        get
        {
            var held = _end - _start;
            return held > 4 && held - 4 >= (uint)BinaryPrimitives.ReadInt32BigEndian(_buffer.AsSpan(_start));
        }
    }

    /// <summary>Blocks until a whole frame is there.</summary>
    /// <param name="frame">The frame without its length; valid until the next call.</param>
    /// <returns>Whether there is one; otherwise the server has closed the connection.</returns>
    /// <exception cref="JuteFormatException">The length is not possible, or the connection ends inside of a frame.</exception>
    public bool TryRead(out ReadOnlySpan<byte> frame)
    {
        frame = default;
        if (!TryFill(4))
        {
            return false;
        }

        var length = BinaryPrimitives.ReadInt32BigEndian(_buffer.AsSpan(_start));
        if (length <= 0 || length > frameBytesMax)
        {
            throw new JuteFormatException(
                $"The server announced a frame of {length} bytes; 1 to {frameBytesMax} are taken ({nameof(ZooKeeperOptions.ReplyBytesMax)}).");
        }

        if (!TryFill(4 + length))
        {
            throw new JuteFormatException("The connection ended inside of a frame.");
        }

        frame = _buffer.AsSpan(_start + 4, length);
        _start += 4 + length;
        return true;
    }

    private bool TryFill(int bytes)
    {
        while (_end - _start < bytes)
        {
            MakeRoom(bytes);
            var read = link.Read(_buffer.AsSpan(_end));
            if (read == 0)
            {
                return _end > _start && bytes > 4 ? throw new JuteFormatException("The connection ended inside of a frame.") : false;
            }

            _end += read;
            received();
        }

        return true;
    }

    /// <summary>Moves what is left to the front; grows for a long frame and shrinks again after it.</summary>
    private void MakeRoom(int bytes)
    {
        var left = _buffer.AsSpan(_start, _end - _start);
        var target = bytes > CapacityUsual ? Math.Max(bytes, _buffer.Length) : CapacityUsual;
        var buffer = _buffer.Length == target ? _buffer : GC.AllocateUninitializedArray<byte>(Math.Max(target, left.Length));
        if (_start > 0 || buffer != _buffer)
        {
            left.CopyTo(buffer);
            (_buffer, _start, _end) = (buffer, 0, left.Length);
        }
    }
}
