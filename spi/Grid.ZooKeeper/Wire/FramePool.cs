using System.Buffers;

namespace Grid.ZooKeeper.Wire;

/// <summary>
/// Where frames get their arrays. The shared pool keeps few arrays per size, and a thousand requests in flight would miss it; small frames, which
/// most are, have a pool of their own that holds enough (at most about 4 MiB per process). Large ones use the shared pool.
/// </summary>
internal static class FramePool
{
    private const int SmallBytesMax = 1024;
    private const int ArraysPerSize = 2048;
    private static readonly ArrayPool<byte> Small = ArrayPool<byte>.Create(SmallBytesMax, ArraysPerSize);

    public static byte[] Rent(int bytes) => (bytes <= SmallBytesMax ? Small : ArrayPool<byte>.Shared).Rent(bytes);

    /// <summary>Both pools round lengths up to powers of two, so the length tells where an array came from.</summary>
    public static void Return(byte[] array) => (array.Length <= SmallBytesMax ? Small : ArrayPool<byte>.Shared).Return(array);
}
