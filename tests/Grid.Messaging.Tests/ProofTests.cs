using Grid.Messaging.Handshake;

namespace Grid.Messaging.Tests;

public sealed class ProofTests
{
    private static readonly byte[] Secret = "correct horse battery staple"u8.ToArray();

    [Fact]
    public void The_right_secret_proves_name_and_decision()
    {
        var exchange = Exchange(Secret);
        var proof = Write(exchange, isDialer: false);

        Assert.True(Proof.TryRead(proof, exchange, isDialer: false, out var refusal, out var name));
        Assert.Equal((Refusal.Tie, "node ü"), (refusal, name));
    }

    [Fact]
    public void A_reflected_proof_proves_nothing()
    {
        var exchange = Exchange(Secret);

        Assert.False(Proof.TryRead(Write(exchange, isDialer: true), exchange, isDialer: false, out _, out _));
    }

    [Fact]
    public void A_proof_of_another_exchange_proves_nothing()
    {
        var replayed = Write(Exchange(Secret), isDialer: true);

        Assert.False(Proof.TryRead(replayed, Exchange(Secret), isDialer: true, out _, out _));
    }

    [Fact]
    public void Another_secret_proves_nothing()
    {
        var exchange = Exchange(Secret);

        Assert.False(Proof.TryRead(Write(exchange with { Secret = "wrong"u8.ToArray() }, isDialer: true), exchange, isDialer: true, out _, out _));
    }

    [Fact]
    public void Every_changed_byte_is_noticed()
    {
        var exchange = Exchange(Secret);
        var proof = Write(exchange, isDialer: true);
        for (var index = 0; index < Proof.SizeBytes; index++)
        {
            proof[index] ^= 1;
            Assert.False(Proof.TryRead(proof, exchange, isDialer: true, out _, out _), $"byte {index}");
            proof[index] ^= 1;
        }
    }

    [Fact]
    public void A_hello_is_read_as_it_was_written()
    {
        var hello = new Hello
        {
            Protocol = new ProtocolRange(1, 7),
            Refusal = Refusal.OtherNode,
            Cluster = new ClusterId(UInt128.MaxValue - 5),
            Sender = new NodeKey(new NodeId(3), 4),
            Expected = new NodeKey(new NodeId(UInt128.MaxValue), long.MaxValue),
            LastLink = ulong.MaxValue,
        };
        var bytes = new byte[Hello.SizeBytes];
        hello.Write(bytes, new byte[Hello.NonceBytes]);

        Assert.True(Hello.TryRead(bytes, out var read));
        Assert.Equal(hello, read);
        bytes[0] ^= 1;
        Assert.False(Hello.TryRead(bytes, out _));
    }

    private static Proof.Exchange Exchange(byte[] secret) => new(secret, Random(Hello.SizeBytes), Random(Hello.SizeBytes));

    private static byte[] Random(int length) => System.Security.Cryptography.RandomNumberGenerator.GetBytes(length);

    private static byte[] Write(in Proof.Exchange exchange, bool isDialer)
    {
        var bytes = new byte[Proof.SizeBytes];
        Proof.Write(bytes, exchange, isDialer, Refusal.Tie, "node ü");
        return bytes;
    }
}
