using System.Buffers.Binary;

namespace Grid.ZooKeeper.Wire;

/// <summary>An encoded frame in a pooled array, length field included.</summary>
internal readonly record struct Frame(byte[] Array, int Length)
{
    public ReadOnlySpan<byte> Span => Array.AsSpan(0, Length);

    public void SetXid(int xid) => BinaryPrimitives.WriteInt32BigEndian(Array.AsSpan(4), xid);

    public void Return()
    {
        if (Array is not null)
        {
            FramePool.Return(Array);
        }
    }
}
