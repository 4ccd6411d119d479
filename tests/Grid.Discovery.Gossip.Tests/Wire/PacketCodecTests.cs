using System.Collections.Immutable;
using System.Net;
using Grid.Discovery.Gossip.Tests.Swim;
using Grid.Discovery.Gossip.Wire;
using Xunit;

namespace Grid.Discovery.Gossip.Tests.Wire;

public sealed class PacketCodecTests
{
    private const int MacBytes = 16;
    private static readonly ClusterId Cluster = new(42);
    private static readonly ClusterKey Key = new("a secret of the tests", "demo");
    private readonly PacketCodec _codec = new(Key);

    public static TheoryData<byte> Kinds => [1, 2, 3, 4, 5];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_packet_arrives_as_it_was_written(byte kind)
    {
        var packet = Sample((PacketKind)kind);

        var read = _codec.TryDecode(_codec.Encode(packet, Cluster), Cluster)!;

        Assert.Equal(packet with { Updates = [] }, read with { Updates = [] });
        Assert.Equal(packet.Updates.Select(Describe), read.Updates.Select(Describe));
    }

    [Fact]
    public void A_packet_under_another_secret_name_or_cluster_is_ignored()
    {
        var data = _codec.Encode(Sample(PacketKind.Ping), Cluster);

        Assert.Null(new PacketCodec(new ClusterKey("another secret of theirs", "demo")).TryDecode(data, Cluster));
        Assert.Null(new PacketCodec(new ClusterKey("a secret of the tests", "demo-2")).TryDecode(data, Cluster));
        Assert.Null(_codec.TryDecode(data, new ClusterId(43)));
    }

    [Fact]
    public void A_packet_with_any_bit_changed_or_cut_short_is_ignored()
    {
        var data = _codec.Encode(Sample(PacketKind.PingRequest), Cluster);
        for (var bit = 0; bit < data.Length * 8; bit++)
        {
            var changed = data.ToArray();
            changed[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.Null(_codec.TryDecode(changed, Cluster));
        }

        Assert.All(Enumerable.Range(0, data.Length), length => Assert.Null(_codec.TryDecode(data.AsSpan(0, length), Cluster)));
    }

    [Fact]
    public void Whatever_a_holder_of_the_secret_signs_is_read_or_ignored()
    {
        const int Seed = 4711;
        var random = new Random(Seed);
        var valid = _codec.Encode(Sample(PacketKind.PingRequest), Cluster);
        var mac = new byte[ClusterKey.MacBytes];
        var (read, ignored) = (0, 0);
        for (var round = 0; round < 50_000; round++)
        {
            var data = valid.AsSpan(0, random.Next(4) == 0 ? random.Next(MacBytes + 1, valid.Length) : valid.Length).ToArray();
            for (var change = random.Next(4); change >= 0; change--)
            {
                data[random.Next(data.Length - MacBytes)] = (byte)random.Next(256);
            }

            Key.Sign(data.AsSpan(0, data.Length - MacBytes), mac);
            mac.AsSpan(0, MacBytes).CopyTo(data.AsSpan(data.Length - MacBytes));
            _ = _codec.TryDecode(data, Cluster) is null ? ignored++ : read++;
        }

        Assert.True(read > 1000 && ignored > 1000, $"seed {Seed}: {read} read, {ignored} ignored");
    }

    [Fact]
    public void A_full_packet_fits_the_limit()
    {
        var updates = ImmutableArray.CreateBuilder<MemberUpdate>();
        var bytes = PacketCodec.UpdateBytesMax;
        for (var node = 1; Scene.Suspect(node, 1) is var update && update.Bytes <= bytes; node++)
        {
            updates.Add(update);
            bytes -= update.Bytes;
        }

        var address = new IPEndPoint(IPAddress.IPv6Loopback, 1);
        var data = _codec.Encode(new SwimPacket(PacketKind.PingRequest, Scene.Me, default, 1, default, address, updates.ToImmutable()), Cluster);

        Assert.InRange(data.Length, PacketCodec.PacketBytesMax - Scene.Suspect(1, 1).Bytes, PacketCodec.PacketBytesMax);
    }

    private static SwimPacket Sample(PacketKind kind)
    {
        var isRequest = kind == PacketKind.PingRequest;
        return new SwimPacket(
            kind, Scene.Me, Scene.KeyOf(3).Id, 0xFEDC_BA98_7654_3210, isRequest ? Scene.KeyOf(5).Id : default, isRequest ? new IPEndPoint(IPAddress.IPv6Loopback, 4) : null,
            [Scene.Alive(1), Scene.Suspect(2, 1), Scene.Alive(3) with { Status = MemberStatus.Left, Record = default }]);
    }

    private static (MemberUpdate Update, string Record) Describe(MemberUpdate update) => (update with { Record = default }, Convert.ToHexString(update.Record.Span));
}
