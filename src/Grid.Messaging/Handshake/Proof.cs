using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Grid.Messaging.Handshake;

/// <summary>
/// The second message of either side: HMAC-SHA256 with the cluster's secret over a label of the role, both hellos (nonces, identities, versions, cluster)
/// and the rest of this message. The label makes a reflected proof worthless, the nonces a replayed one, the hellos a changed one. Layout: code (32),
/// refusal (1), unused (1), length of the name in UTF-8 (2), name (512).
/// </summary>
internal static class Proof
{
    public const int SizeBytes = CodeBytes + 4 + NameBytesMax;

    private const int CodeBytes = HMACSHA256.HashSizeInBytes;
    private const int NameBytesMax = 512;
    private static readonly byte[] DialerLabel = "grid link 1 dialer"u8.ToArray();
    private static readonly byte[] AcceptorLabel = "grid link 1 acceptor"u8.ToArray();

    /// <summary>Writes the message.</summary>
    /// <param name="destination">At least <see cref="SizeBytes"/>.</param>
    /// <param name="exchange">What is proved.</param>
    /// <param name="isDialer">The role of the writer.</param>
    /// <param name="refusal">What the side that was dialed decided.</param>
    /// <param name="name">The writer's node name.</param>
    public static void Write(Span<byte> destination, in Exchange exchange, bool isDialer, Refusal refusal, string name)
    {
        destination[..SizeBytes].Clear();
        destination[CodeBytes] = (byte)refusal;
        var written = Encoding.UTF8.TryGetBytes(name, destination.Slice(CodeBytes + 4, NameBytesMax), out var length) ? length : 0;
        BinaryPrimitives.WriteUInt16LittleEndian(destination[(CodeBytes + 2)..], (ushort)written);
        Compute(exchange, isDialer, destination[CodeBytes..SizeBytes], destination[..CodeBytes]);
    }

    /// <summary>Verifies the message; nothing else of it is looked at before.</summary>
    /// <param name="source">The message.</param>
    /// <param name="exchange">What is proved.</param>
    /// <param name="isDialer">The role of the writer.</param>
    /// <param name="refusal">What the side that was dialed decided.</param>
    /// <param name="name">The writer's node name.</param>
    /// <returns>Whether the writer knows the secret.</returns>
    public static bool TryRead(ReadOnlySpan<byte> source, in Exchange exchange, bool isDialer, out Refusal refusal, out string name)
    {
        Span<byte> code = stackalloc byte[CodeBytes];
        Compute(exchange, isDialer, source[CodeBytes..SizeBytes], code);
        refusal = Refusal.Unauthenticated;
        name = "";
        if (!CryptographicOperations.FixedTimeEquals(code, source[..CodeBytes]))
        {
            return false;
        }

        refusal = (Refusal)source[CodeBytes];
        var length = Math.Min(BinaryPrimitives.ReadUInt16LittleEndian(source[(CodeBytes + 2)..]), (ushort)NameBytesMax);
        name = Encoding.UTF8.GetString(source.Slice(CodeBytes + 4, length));
        return true;
    }

    private static void Compute(in Exchange exchange, bool isDialer, ReadOnlySpan<byte> rest, Span<byte> code)
    {
        using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, exchange.Secret);
        hmac.AppendData(isDialer ? DialerLabel : AcceptorLabel);
        hmac.AppendData(exchange.DialerHello);
        hmac.AppendData(exchange.AcceptorHello);
        hmac.AppendData(rest);
        hmac.GetHashAndReset(code);
    }

    /// <summary>What both sides know after the hellos.</summary>
    /// <param name="Secret">The cluster's secret; empty on loopback without one, where the proof only protects against mistakes.</param>
    /// <param name="DialerHello">As sent.</param>
    /// <param name="AcceptorHello">As sent.</param>
    public readonly record struct Exchange(byte[] Secret, byte[] DialerHello, byte[] AcceptorHello);
}
