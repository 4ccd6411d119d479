using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using Grid.Spi;

namespace Grid.Messaging.Handshake;

/// <summary>
/// Makes two strangers on a pipe known to each other: hello (dialer), hello (acceptor), proof (dialer), proof (acceptor). The dialer proves first, so
/// that knocking on a port yields nothing made with the secret. Time limits are the caller's: it aborts the pipe.
/// </summary>
/// <param name="pipe">The pipe; nothing has been read from or written to it.</param>
/// <param name="secret">The cluster's secret, or empty.</param>
/// <param name="local">Who the local node is.</param>
internal sealed class PipeHandshake(ICommunicationPipe pipe, byte[] secret, LocalPeer local)
{
    /// <summary>Decides, on the side that was dialed, whether an authenticated dialer gets its link.</summary>
    public delegate Refusal Admission(NodeKey dialer, string name, ulong lastLink);

    /// <summary>Runs the side that dialed.</summary>
    /// <param name="expected">Whom it means to reach.</param>
    /// <param name="lastLink">The link to that peer that it knew last, or 0.</param>
    /// <exception cref="RefusedException">Either side refused.</exception>
    public async ValueTask<HandshakeResult> DialAsync(NodeKey expected, ulong lastLink)
    {
        RequireTrust();
        var mine = WriteHello(expected, lastLink, Refusal.None);
        await SendAsync(mine).ConfigureAwait(false);
        var theirs = await ReceiveAsync(Hello.SizeBytes).ConfigureAwait(false);
        var hello = ParseHello(theirs);
        if (hello.Refusal != Refusal.None)
        {
            throw new RefusedException(hello.Refusal, isByPeer: true);
        }

        var version = Check(hello);
        if (hello.Sender != expected || hello.Expected != local.Node.Key)
        {
            throw new RefusedException(Refusal.OtherNode, isByPeer: false, $"dialed {expected}, reached {hello.Sender}");
        }

        var exchange = new Proof.Exchange(secret, mine, theirs);
        await SendAsync(WriteProof(exchange, isDialer: true, Refusal.None)).ConfigureAwait(false);
        var proof = await ReceiveAsync(Proof.SizeBytes).ConfigureAwait(false);
        if (!Proof.TryRead(proof, exchange, isDialer: false, out var refusal, out var name))
        {
            throw new RefusedException(Refusal.Unauthenticated, isByPeer: false);
        }

        return refusal == Refusal.None
            ? new HandshakeResult(hello.Sender, name, LinkIdOf(theirs), version)
            : throw new RefusedException(refusal, isByPeer: true);
    }

    /// <summary>Runs the side that was dialed.</summary>
    /// <param name="admission">Asked when the dialer has been authenticated.</param>
    /// <param name="lastLinkOf">The link to a peer that this side knew last, or 0.</param>
    /// <exception cref="RefusedException">Either side refused.</exception>
    public async ValueTask<HandshakeResult> AcceptAsync(Admission admission, Func<NodeKey, ulong> lastLinkOf)
    {
        RequireTrust();
        var theirs = await ReceiveAsync(Hello.SizeBytes).ConfigureAwait(false);
        var hello = ParseHello(theirs);
        var refusal = FirstRefusal(hello, out var version);
        var mine = WriteHello(hello.Sender, lastLinkOf(hello.Sender), refusal);
        await SendAsync(mine).ConfigureAwait(false);
        if (refusal != Refusal.None)
        {
            throw new RefusedException(refusal, isByPeer: false, $"from {hello.Sender}");
        }

        var exchange = new Proof.Exchange(secret, theirs, mine);
        var proof = await ReceiveAsync(Proof.SizeBytes).ConfigureAwait(false);
        refusal = Proof.TryRead(proof, exchange, isDialer: true, out _, out var name) ? admission(hello.Sender, name, hello.LastLink) : Refusal.Unauthenticated;

        // An impostor learns that it was refused, but nothing that was made with the secret.
        await SendAsync(refusal == Refusal.Unauthenticated ? new byte[Proof.SizeBytes] : WriteProof(exchange, isDialer: false, refusal)).ConfigureAwait(false);
        return refusal == Refusal.None
            ? new HandshakeResult(hello.Sender, name, LinkIdOf(mine), version)
            : throw new RefusedException(refusal, isByPeer: false, $"from {hello.Sender}");
    }

    private static ulong LinkIdOf(ReadOnlySpan<byte> acceptorHello) => BinaryPrimitives.ReadUInt64LittleEndian(Hello.NonceOf(acceptorHello)) | 1;

    private void RequireTrust()
    {
        if (secret.Length == 0 && !pipe.IsLoopback && pipe.PeerCertificateName is null)
        {
            throw new RefusedException(Refusal.SecretRequired, isByPeer: false);
        }
    }

    private static Hello ParseHello(byte[] bytes) =>
        Hello.TryRead(bytes, out var hello) ? hello : throw new RefusedException(Refusal.NotGrid, isByPeer: false);

    private int Check(in Hello hello)
    {
        var refusal = FirstMismatch(hello, out var version);
        return refusal == Refusal.None ? version : throw new RefusedException(refusal, isByPeer: false, $"from {hello.Sender}");
    }

    private Refusal FirstRefusal(in Hello hello, out int version)
    {
        var mismatch = FirstMismatch(hello, out version);
        return mismatch != Refusal.None ? mismatch
            : hello.Sender.Id == local.Node.Id ? Refusal.Self
            : hello.Expected == local.Node.Key ? Refusal.None
            : hello.Expected.Id == local.Node.Id && hello.Expected.Incarnation > local.Node.Incarnation ? Refusal.Rejoining
            : Refusal.OtherNode;
    }

    private Refusal FirstMismatch(in Hello hello, out int version)
    {
        var common = local.Node.Protocol.Common(hello.Protocol);
        version = common ?? 0;
        return common is null ? Refusal.ProtocolVersion : hello.Cluster != local.Cluster ? Refusal.OtherCluster : Refusal.None;
    }

    private byte[] WriteHello(NodeKey expected, ulong lastLink, Refusal refusal)
    {
        Span<byte> nonce = stackalloc byte[Hello.NonceBytes];
        RandomNumberGenerator.Fill(nonce);
        var hello = new Hello
        {
            Protocol = local.Node.Protocol,
            Refusal = refusal,
            Cluster = local.Cluster,
            Sender = local.Node.Key,
            Expected = expected,
            LastLink = lastLink,
        };
        var bytes = new byte[Hello.SizeBytes];
        hello.Write(bytes, nonce);
        return bytes;
    }

    private byte[] WriteProof(in Proof.Exchange exchange, bool isDialer, Refusal refusal)
    {
        var bytes = new byte[Proof.SizeBytes];
        Proof.Write(bytes, exchange, isDialer, refusal, local.Node.Name);
        return bytes;
    }

    private async ValueTask SendAsync(byte[] bytes)
    {
        try
        {
            await pipe.Output.WriteAsync(bytes).ConfigureAwait(false);
        }
        catch (CommunicationException error)
        {
            throw new RefusedException(Refusal.Broken, isByPeer: false, error.Message);
        }
    }

    // Takes exactly that many bytes: what follows stays in the pipe and is not looked at.
    private async ValueTask<byte[]> ReceiveAsync(int count)
    {
        try
        {
            while (true)
            {
                var result = await pipe.Input.ReadAsync().ConfigureAwait(false);
                var buffer = result.Buffer;
                if (buffer.Length >= count)
                {
                    var bytes = buffer.Slice(0, count).ToArray();
                    pipe.Input.AdvanceTo(buffer.GetPosition(count));
                    return bytes;
                }

                pipe.Input.AdvanceTo(buffer.Start, buffer.End);
                if (result.IsCompleted)
                {
                    throw new RefusedException(Refusal.Broken, isByPeer: false, "the peer closed the connection");
                }
            }
        }
        catch (CommunicationException error)
        {
            throw new RefusedException(Refusal.Broken, isByPeer: false, error.Message);
        }
    }
}
