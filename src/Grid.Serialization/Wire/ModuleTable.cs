using System.Buffers.Binary;

namespace Grid.Serialization;

/// <summary>The user modules that a payload has named so far.</summary>
internal sealed class ModuleTable
{
    private ModuleId[] _ids = new ModuleId[4];

    public int Count { get; private set; }

    public int IndexOf(ModuleId id, int max)
    {
        for (var i = 0; i < Count; i++)
        {
            if (_ids[i] == id)
            {
                return i;
            }
        }

        if (Count == max)
        {
            throw new ShipmentRefusal(null, typeof(ModuleId), $"it needs more than {max} user modules (SerializerOptions.TypesMax)");
        }

        if (Count == _ids.Length)
        {
            Array.Resize(ref _ids, Count * 2);
        }

        _ids[Count] = id;
        return Count++;
    }

    public void CopyTo(Span<byte> target)
    {
        for (var i = 0; i < Count; i++)
        {
            BinaryPrimitives.WriteUInt128BigEndian(target[(i * ModuleId.ByteCount)..], _ids[i].Value);
        }
    }

    public void Clear() => Count = 0;
}
