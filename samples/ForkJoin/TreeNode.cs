using System.Numerics;
using System.Runtime.InteropServices;

namespace Grid.Samples.ForkJoin;

/// <summary>
/// A node: its height and the state of its random number generator, a SHA-1 digest. A child's state is the digest of its parent's state and its own index, so that any
/// process can make any part of the tree, and all make the same.
/// </summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct TreeNode(uint A, uint B, uint C, uint D, uint E, int Height)
{
    private const uint EndOfMessage = 0x80000000;

    /// <summary>The node's random number in [0, 1).</summary>
    public double Chance => (E & 0x7FFFFFFF) / 2147483648.0;

    public static TreeNode Root(int seed)
    {
        Span<uint> block = stackalloc uint[16];
        block.Clear();
        block[4] = (uint)seed;
        block[5] = EndOfMessage;
        block[15] = 20 * 8;
        return Digest(block, 0);
    }

    public TreeNode Child(int index)
    {
        Span<uint> block = [A, B, C, D, E, (uint)index, EndOfMessage, 0, 0, 0, 0, 0, 0, 0, 0, 24 * 8];
        return Digest(block, Height + 1);
    }

    /// <summary>SHA-1 (FIPS 180-4) of a message that fits into one block. The platform's own costs three times as much for so little.</summary>
    private static TreeNode Digest(ReadOnlySpan<uint> block, int height)
    {
        Span<uint> w = stackalloc uint[80];
        block.CopyTo(w);
        for (var t = 16; t < w.Length; t++)
        {
            w[t] = BitOperations.RotateLeft(w[t - 3] ^ w[t - 8] ^ w[t - 14] ^ w[t - 16], 1);
        }

        uint a = 0x67452301, b = 0xEFCDAB89, c = 0x98BADCFE, d = 0x10325476, e = 0xC3D2E1F0;
        for (var t = 0; t < w.Length; t++)
        {
            var mixed = t switch
            {
                < 20 => (d ^ (b & (c ^ d))) + 0x5A827999,
                < 40 => (b ^ c ^ d) + 0x6ED9EBA1,
                < 60 => ((b & c) | (d & (b | c))) + 0x8F1BBCDC,
                _ => (b ^ c ^ d) + 0xCA62C1D6,
            };
            (a, b, c, d, e) = (BitOperations.RotateLeft(a, 5) + mixed + e + w[t], a, BitOperations.RotateLeft(b, 30), c, d);
        }

        return new TreeNode(a + 0x67452301, b + 0xEFCDAB89, c + 0x98BADCFE, d + 0x10325476, e + 0xC3D2E1F0, height);
    }
}
