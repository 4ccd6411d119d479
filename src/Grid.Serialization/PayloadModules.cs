using System.Buffers.Binary;

namespace Grid.Serialization;

/// <summary>The user modules that a payload needs, as its header lists them; a view of the payload's bytes.</summary>
public readonly ref struct PayloadModules
{
    private readonly ReadOnlySpan<byte> _ids;

    internal PayloadModules(ReadOnlySpan<byte> ids) => _ids = ids;

    /// <summary>How many there are; none for plain data.</summary>
    public int Count => _ids.Length / ModuleId.ByteCount;

    /// <summary>One of them.</summary>
    /// <param name="index">From 0 to <see cref="Count"/> - 1.</param>
    public ModuleId this[int index] => new(BinaryPrimitives.ReadUInt128BigEndian(_ids.Slice(index * ModuleId.ByteCount, ModuleId.ByteCount)));
}
