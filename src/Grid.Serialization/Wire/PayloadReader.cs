using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Grid.Serialization;

/// <summary>The cursor of a read. Every count is checked against the bytes that are left before anything is allocated for it.</summary>
internal ref struct PayloadReader
{
    private readonly ReadOnlySpan<byte> _span;
    private int _position;
    private int _depth;

    public PayloadReader(ReadState state, ReadOnlySpan<byte> span, ReadOnlySpan<byte> modules, int depth = 0)
    {
        State = state;
        _span = span;
        Modules = modules;
        _depth = depth;
    }

    public readonly ReadState State { get; }

    /// <summary>The ids of the user modules that the header lists.</summary>
    public readonly ReadOnlySpan<byte> Modules { get; }

    public readonly int Position => _position;

    public readonly int Left => _span.Length - _position;

    public readonly int Depth => _depth;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly byte Peek()
    {
        if (_position >= _span.Length)
        {
            Malformed.Truncated(_position, 1, 0);
        }

        return Unsafe.Add(ref MemoryMarshal.GetReference(_span), _position);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public byte ReadCode()
    {
        var code = Peek();
        _position++;
        return code;
    }

    /// <summary>Steps back over the byte that <see cref="ReadCode"/> gave.</summary>
    public void Unread() => _position--;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryReadNil()
    {
        if (Peek() != MessagePackCode.Nil)
        {
            return false;
        }

        _position++;
        return true;
    }

    public bool ReadBoolean()
    {
        var code = ReadCode();
        if ((code | 1) != MessagePackCode.True)
        {
            Malformed.Unexpected(_position - 1, code, "true or false");
        }

        return code == MessagePackCode.True;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public long ReadInt64()
    {
        var code = ReadCode();
        return (byte)(code + 32) < 160 ? (sbyte)code : IntegerDecoding.ReadSigned(ref this, code);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong ReadUInt64()
    {
        var code = ReadCode();
        return code < 128 ? code : IntegerDecoding.ReadUnsigned(ref this, code);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int ReadInt32()
    {
        var value = ReadInt64();
        if ((int)value != value)
        {
            IntegerDecoding.OutOfRange(_position, value, nameof(Int32));
        }

        return (int)value;
    }

    public sbyte ReadSByte() => (sbyte)IntegerDecoding.InRange(ref this, sbyte.MinValue, sbyte.MaxValue);

    public byte ReadByteValue() => (byte)IntegerDecoding.InRange(ref this, byte.MinValue, byte.MaxValue);

    public short ReadInt16() => (short)IntegerDecoding.InRange(ref this, short.MinValue, short.MaxValue);

    public ushort ReadUInt16() => (ushort)IntegerDecoding.InRange(ref this, ushort.MinValue, ushort.MaxValue);

    public uint ReadUInt32() => (uint)IntegerDecoding.InRange(ref this, uint.MinValue, uint.MaxValue);

    public char ReadChar() => (char)IntegerDecoding.InRange(ref this, char.MinValue, char.MaxValue);

    public float ReadSingle()
    {
        var code = ReadCode();
        if (code != MessagePackCode.Float32)
        {
            Malformed.Unexpected(_position - 1, code, "a 32-bit float");
        }

        return BinaryPrimitives.ReadSingleBigEndian(Take(4));
    }

    public double ReadDouble()
    {
        var code = ReadCode();
        if (code == MessagePackCode.Float32)
        {
            return BinaryPrimitives.ReadSingleBigEndian(Take(4));
        }

        if (code != MessagePackCode.Float64)
        {
            Malformed.Unexpected(_position - 1, code, "a 64-bit float");
        }

        return BinaryPrimitives.ReadDoubleBigEndian(Take(8));
    }

    public string? ReadString() => StringDecoding.Read(ref this);

    /// <summary>The length of an array, each of whose elements takes at least the given number of bytes (0 for "check nothing yet").</summary>
    public int ReadArrayHeader(int elementBytesMin = 1)
    {
        var code = ReadCode();
        long count = code switch
        {
            >= MessagePackCode.FixArray and <= MessagePackCode.FixArray + 15 => code & 15,
            MessagePackCode.Array16 => BinaryPrimitives.ReadUInt16BigEndian(Take(2)),
            MessagePackCode.Array32 => BinaryPrimitives.ReadUInt32BigEndian(Take(4)),
            _ => Unexpected(code, "an array"),
        };
        return CheckCount(count, elementBytesMin);
    }

    /// <summary>Reads the header of an array whose length is fixed by the type.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void ReadArrayHeaderOf(int count)
    {
        if (count < 16 && Peek() == (MessagePackCode.FixArray | count))
        {
            _position++;
            return;
        }

        var position = _position;
        var actual = ReadArrayHeader();
        if (actual != count)
        {
            Malformed.Content(position, $"an array of {actual} elements stands where one of {count} was expected; was it written by another version of the type?");
        }
    }

    public int ReadMapHeader()
    {
        var code = ReadCode();
        long count = code switch
        {
            >= MessagePackCode.FixMap and <= MessagePackCode.FixMap + 15 => code & 15,
            MessagePackCode.Map16 => BinaryPrimitives.ReadUInt16BigEndian(Take(2)),
            MessagePackCode.Map32 => BinaryPrimitives.ReadUInt32BigEndian(Take(4)),
            _ => Unexpected(code, "a map"),
        };
        return CheckCount(count, 2);
    }

    public ReadOnlySpan<byte> ReadBinary()
    {
        var code = ReadCode();
        long length = code switch
        {
            MessagePackCode.Bin8 => ReadCode(),
            MessagePackCode.Bin16 => BinaryPrimitives.ReadUInt16BigEndian(Take(2)),
            MessagePackCode.Bin32 => BinaryPrimitives.ReadUInt32BigEndian(Take(4)),
            _ => Unexpected(code, "binary data"),
        };
        return Take(CheckCount(length, 1));
    }

    /// <summary>Binary data of a length that the type fixes.</summary>
    public ReadOnlySpan<byte> ReadBinaryOf(int length)
    {
        var bytes = ReadBinary();
        if (bytes.Length != length)
        {
            Malformed.Content(_position, $"{bytes.Length} bytes of binary data stand where {length} were expected.");
        }

        return bytes;
    }

    /// <summary>The type of the extension that comes next, or <see langword="null"/> when something else does. Nothing is consumed.</summary>
    public readonly sbyte? PeekExtension(int offset = 0)
    {
        var at = _position + offset;
        if (at >= _span.Length)
        {
            return null;
        }

        var typeAt = _span[at] switch
        {
            >= MessagePackCode.FixExt1 and <= MessagePackCode.FixExt16 => at + 1,
            MessagePackCode.Ext8 => at + 2,
            MessagePackCode.Ext16 => at + 3,
            MessagePackCode.Ext32 => at + 5,
            _ => int.MaxValue,
        };
        return typeAt < _span.Length ? (sbyte)_span[typeAt] : null;
    }

    public ReadOnlySpan<byte> ReadExtension(out sbyte type)
    {
        var code = ReadCode();
        long length = code switch
        {
            >= MessagePackCode.FixExt1 and <= MessagePackCode.FixExt16 => 1 << (code - MessagePackCode.FixExt1),
            MessagePackCode.Ext8 => ReadCode(),
            MessagePackCode.Ext16 => BinaryPrimitives.ReadUInt16BigEndian(Take(2)),
            MessagePackCode.Ext32 => BinaryPrimitives.ReadUInt32BigEndian(Take(4)),
            _ => Unexpected(code, "an extension"),
        };
        type = (sbyte)ReadCode();
        if (length > Left)
        {
            Malformed.Truncated(_position, length, Left);
        }

        return Take((int)length);
    }

    public ReadOnlySpan<byte> ReadExtensionOf(sbyte expected)
    {
        var position = _position;
        var content = ReadExtension(out var type);
        if (type != expected)
        {
            Malformed.Content(position, $"an extension of type {type} stands where type {expected} was expected.");
        }

        return content;
    }

    /// <summary>The number in an extension of one, two or four bytes.</summary>
    public readonly int NumberOf(ReadOnlySpan<byte> content)
    {
        var number = content.Length switch
        {
            1 => content[0],
            2 => BinaryPrimitives.ReadUInt16BigEndian(content),
            4 => BinaryPrimitives.ReadInt32BigEndian(content),
            _ => -1,
        };
        if (number < 0)
        {
            Malformed.Content(_position, "an extension should hold a number and does not.");
        }

        return number;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ReadOnlySpan<byte> Take(int count)
    {
        if (count > _span.Length - _position)
        {
            Malformed.Truncated(_position, count, Left);
        }

        var taken = _span.Slice(_position, count);
        _position += count;
        return taken;
    }

    /// <summary>Checks a count of elements against the limit and against the bytes that are left.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly int CheckCount(long count, int elementBytesMin)
    {
        if (count * elementBytesMin > Left)
        {
            Malformed.Truncated(_position, count, Left);
        }

        if (count > State.Options.ArrayLengthMax)
        {
            Malformed.Limit(_position, "a length", count, nameof(SerializerOptions.ArrayLengthMax), State.Options.ArrayLengthMax);
        }

        return (int)count;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Enter()
    {
        if (++_depth > State.Options.DepthMax || (_depth & 15) == 0)
        {
            CheckDepth();
        }
    }

    public void Leave() => _depth--;

    private readonly void CheckDepth()
    {
        if (_depth > State.Options.DepthMax)
        {
            Malformed.Limit(_position, "a nesting", _depth, nameof(SerializerOptions.DepthMax), State.Options.DepthMax);
        }

        if (!RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            Malformed.Content(_position, $"objects are nested {_depth} deep, which is more than this thread's stack holds.");
        }
    }

    private readonly long Unexpected(byte code, string expected)
    {
        Malformed.Unexpected(_position - 1, code, expected);
        return 0;
    }
}
