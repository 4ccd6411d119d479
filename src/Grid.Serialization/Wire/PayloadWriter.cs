using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Grid.Serialization;

/// <summary>
/// The cursor of a write. Plain leaf data goes straight into the output (direct); everything else into the thread's buffer first, because what is
/// refused half-way must leave nothing behind and the module header is known last.
/// </summary>
internal ref struct PayloadWriter
{
    private const int ChunkBytes = 64 * 1024;

    private readonly IBufferWriter<byte>? _output;
    private Span<byte> _span;
    private int _position;
    private long _flushed;
    private int _depth;

    public PayloadWriter(WriteState state, IBufferWriter<byte>? output, int depth = 0)
    {
        State = state;
        _output = output;
        _depth = depth;
        _span = output is null ? state.Buffer : output.GetSpan();
        _position = output is null ? WriteState.HeaderRoom : 0;
    }

    public readonly WriteState State { get; }

    public readonly int Position => _position;

    public readonly int Depth => _depth;

    public void WriteNil() => WriteByte(MessagePackCode.Nil);

    public void WriteBoolean(bool value) => WriteByte(value ? MessagePackCode.True : MessagePackCode.False);

    public void WriteSByte(sbyte value) => WriteInt64(value);

    public void WriteByteValue(byte value) => WriteUInt64(value);

    public void WriteInt16(short value) => WriteInt64(value);

    public void WriteUInt16(ushort value) => WriteUInt64(value);

    public void WriteInt32(int value) => WriteInt64(value);

    public void WriteString(string? value) => StringEncoding.Write(ref this, value);

    public void WriteUInt32(uint value) => WriteUInt64(value);

    public void WriteChar(char value) => WriteUInt64(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void WriteInt64(long value)
    {
        if ((ulong)(value + 32) < 160)
        {
            WriteByte((byte)value);
        }
        else if (value >= 0)
        {
            IntegerEncoding.WriteLarge(ref this, (ulong)value);
        }
        else
        {
            IntegerEncoding.WriteNegative(ref this, value);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void WriteUInt64(ulong value)
    {
        if (value < 128)
        {
            WriteByte((byte)value);
        }
        else
        {
            IntegerEncoding.WriteLarge(ref this, value);
        }
    }

    public void WriteSingle(float value)
    {
        ref var target = ref Claim(5);
        target = MessagePackCode.Float32;
        Put(ref target, 1, BitConverter.SingleToUInt32Bits(value));
    }

    public void WriteDouble(double value)
    {
        ref var target = ref Claim(9);
        target = MessagePackCode.Float64;
        Put(ref target, 1, BitConverter.DoubleToUInt64Bits(value));
    }

    public void WriteArrayHeader(int count)
    {
        if (count < 16)
        {
            WriteByte((byte)(MessagePackCode.FixArray | count));
        }
        else
        {
            WriteHeader(count, State.Options.ArrayLengthMax, MessagePackCode.Array16);
        }
    }

    public void WriteMapHeader(int count)
    {
        if (count < 16)
        {
            WriteByte((byte)(MessagePackCode.FixMap | count));
        }
        else
        {
            WriteHeader(count, State.Options.ArrayLengthMax, MessagePackCode.Map16);
        }
    }

    public void WriteBinary(scoped ReadOnlySpan<byte> value)
    {
        CheckLength(value.Length);
        WriteSized(MessagePackCode.Bin8, value.Length);
        WriteRaw(value);
    }

    public void WriteExtension(sbyte type, scoped ReadOnlySpan<byte> content)
    {
        WriteExtensionHeader(type, content.Length);
        WriteRaw(content);
    }

    public void WriteExtensionHeader(sbyte type, int length)
    {
        var fix = length switch
        {
            1 => MessagePackCode.FixExt1,
            2 => MessagePackCode.FixExt2,
            4 => MessagePackCode.FixExt4,
            8 => MessagePackCode.FixExt8,
            16 => MessagePackCode.FixExt16,
            _ => (byte)0,
        };
        if (fix != 0)
        {
            WriteByte(fix);
        }
        else
        {
            WriteSized(MessagePackCode.Ext8, length);
        }

        WriteByte((byte)type);
    }

    /// <summary>An extension that holds a small number, big-endian in one, two or four bytes.</summary>
    public void WriteNumberExtension(sbyte type, int number)
    {
        if (number < 256)
        {
            ref var target = ref Claim(3);
            target = MessagePackCode.FixExt1;
            Unsafe.Add(ref target, 1) = (byte)type;
            Unsafe.Add(ref target, 2) = (byte)number;
            return;
        }

        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, number);
        WriteExtension(type, number <= ushort.MaxValue ? bytes[2..] : bytes);
    }

    public void WriteRaw(scoped ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > ChunkBytes)
        {
            CheckBytes(bytes.Length);
        }

        while (_output is not null && bytes.Length > _span.Length - _position)
        {
            var part = _span.Length - _position;
            bytes[..part].CopyTo(_span[_position..]);
            _position += part;
            bytes = bytes[part..];
            Grow(Math.Min(bytes.Length, ChunkBytes));
        }

        Ensure(bytes.Length);
        bytes.CopyTo(_span[_position..]);
        _position += bytes.Length;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void WriteByte(byte value)
    {
        if (_position >= _span.Length)
        {
            Grow(1);
        }

        Unsafe.Add(ref MemoryMarshal.GetReference(_span), _position++) = value;
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

    /// <summary>At least so many bytes to write into, to be followed by <see cref="Advance"/>.</summary>
    public Span<byte> Reserve(int count)
    {
        Ensure(count);
        return _span[_position..];
    }

    public void Advance(int count) => _position += count;

    /// <summary>The bytes already written from a position on; of a buffered write only.</summary>
    public readonly Span<byte> Written(int start) => _span[start.._position];

    /// <summary>Hands the rest of a direct write to the output.</summary>
    public void Flush()
    {
        _output!.Advance(_position);
        _flushed += _position;
        _position = 0;
        _span = default;
        CheckBytes(0);
    }

    public readonly void CheckBytes(long more)
    {
        if (_flushed + _position + more > State.Options.PayloadBytesMax + (long)WriteState.HeaderRoom)
        {
            throw new ShipmentRefusal(null, typeof(byte[]), $"it takes more than {State.Options.PayloadBytesMax} bytes (SerializerOptions.PayloadBytesMax)");
        }
    }

    public readonly void CheckLength(int count)
    {
        if (count > State.Options.ArrayLengthMax)
        {
            throw new ShipmentRefusal(null, typeof(Array), $"{count} elements are more than SerializerOptions.ArrayLengthMax ({State.Options.ArrayLengthMax}) allows");
        }
    }

    private readonly void CheckDepth()
    {
        if (_depth > State.Options.DepthMax)
        {
            throw new ShipmentRefusal(null, typeof(object), $"objects are nested more than {State.Options.DepthMax} deep (SerializerOptions.DepthMax); use a collection instead of a long chain");
        }

        if (!RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            throw new ShipmentRefusal(null, typeof(object), $"objects are nested {_depth} deep, which is more than this thread's stack holds; use a collection instead of a long chain");
        }
    }

    private void WriteHeader(int count, int max, byte code16)
    {
        if (count > max)
        {
            CheckLength(count);
        }

        if (count <= ushort.MaxValue)
        {
            ref var target = ref Claim(3);
            target = code16;
            Put(ref target, 1, (ushort)count);
        }
        else
        {
            ref var target = ref Claim(5);
            target = (byte)(code16 + 1);
            Put(ref target, 1, (uint)count);
        }
    }

    /// <summary>A header whose three forms (8, 16 and 32 bits of length) have consecutive codes.</summary>
    public void WriteSized(byte code8, int length)
    {
        if (length <= byte.MaxValue)
        {
            ref var target = ref Claim(2);
            target = code8;
            Unsafe.Add(ref target, 1) = (byte)length;
        }
        else
        {
            WriteHeader(length, int.MaxValue, (byte)(code8 + 1));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref byte Claim(int count)
    {
        Ensure(count);
        ref var target = ref Unsafe.Add(ref MemoryMarshal.GetReference(_span), _position);
        _position += count;
        return ref target;
    }

    public static void Put(ref byte target, int offset, ushort value) =>
        Unsafe.WriteUnaligned(ref Unsafe.Add(ref target, offset), BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(value) : value);

    public static void Put(ref byte target, int offset, uint value) =>
        Unsafe.WriteUnaligned(ref Unsafe.Add(ref target, offset), BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(value) : value);

    public static void Put(ref byte target, int offset, ulong value) =>
        Unsafe.WriteUnaligned(ref Unsafe.Add(ref target, offset), BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(value) : value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Ensure(int count)
    {
        if (_span.Length - _position < count)
        {
            Grow(count);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Grow(int count)
    {
        CheckBytes(0);
        if (_output is not null)
        {
            _output.Advance(_position);
            _flushed += _position;
            _position = 0;
            _span = _output.GetSpan(Math.Max(count, 256));
            return;
        }

        var size = Math.Max((long)_position + count, Math.Min((long)State.Buffer.Length * 2, State.Options.PayloadBytesMax + (long)WriteState.HeaderRoom));
        var larger = new byte[size];
        _span[.._position].CopyTo(larger);
        State.Buffer = larger;
        _span = larger;
    }
}
