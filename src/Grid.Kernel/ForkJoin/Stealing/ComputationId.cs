using System.Buffers.Binary;

namespace Grid.Kernel.ForkJoin.Stealing;

/// <summary>Names a computation in the cluster.</summary>
/// <param name="Home">The node, in that incarnation, where its root runs.</param>
/// <param name="Number">That node's number for it, at least 1.</param>
internal readonly record struct ComputationId(NodeKey Home, long Number)
{
    public const int Size = StealWire.KeySize + 8;

    public static ComputationId Read(ReadOnlySpan<byte> source) =>
        new(StealWire.ReadKey(source), BinaryPrimitives.ReadInt64LittleEndian(source[StealWire.KeySize..]));

    public void Write(Span<byte> target)
    {
        StealWire.WriteKey(target, Home);
        BinaryPrimitives.WriteInt64LittleEndian(target[StealWire.KeySize..], Number);
    }
}
