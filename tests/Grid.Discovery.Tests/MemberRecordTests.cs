using System.Collections.Immutable;

namespace Grid.Discovery.Tests;

public sealed class MemberRecordTests
{
    private static readonly NodeInfo Full = new()
    {
        Id = new NodeId(0xFFEE_DDCC_BBAA_9988),
        Name = "rack/1 wörker 🐝",
        Incarnation = 7,
        JoinOrder = 0x1_0000_0007,
        State = NodeState.Draining,
        Protocol = new ProtocolRange(2, 9),
        Slots = 64,
        Endpoints = [new NodeEndpoint("fe80::1%eth0", 9000), new NodeEndpoint("", 0), new NodeEndpoint("host", 65535)],
        Attributes = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal).Add("", "empty").Add("a", "").Add("line\n", "\0"),
    };

    [Fact]
    public void Every_field_survives_the_round_trip() => Assert.Equal(Full, MemberRecord.Decode(MemberRecord.Encode(Full)));

    [Fact]
    public void The_bytes_are_those_that_the_format_fixes()
    {
        var node = new NodeInfo { Id = new NodeId(0x0102), Name = "n", Slots = 3, Endpoints = [new NodeEndpoint("h", 80)] };

        Assert.Equal(
            "474D01" + "00000000000000000000000000000102" + "0000000000000001" + "0000000000000000" + "00" + "0000000100000001" + "00000003" + "00016E" + "0001" + "000168" + "00000050" + "0000",
            Convert.ToHexString(MemberRecord.Encode(node)));
    }

    [Fact]
    public void Fields_of_later_writers_are_skipped_and_the_end_of_the_record_is_told()
    {
        var data = MemberRecord.Encode(Full);

        Assert.Equal(Full, MemberRecord.Decode([.. data, 1, 2, 3], out var length));
        Assert.Equal(data.Length, length);
    }

    [Fact]
    public void A_record_that_is_cut_anywhere_is_refused()
    {
        var data = MemberRecord.Encode(Full);
        for (var length = 0; length < data.Length; length++)
        {
            Assert.Throws<RecordFormatException>(() => MemberRecord.Decode(data.AsSpan(0, length)));
        }
    }

    [Theory]
    [InlineData(2, 2, "version 2")]
    [InlineData(0, 1, "begin like")]
    [InlineData(35, 9, "state 9")]
    [InlineData(19, 0xFF, "incarnation")]
    [InlineData(44, 0x80, "slots")]
    public void A_field_out_of_range_is_named(int offset, byte value, string expected)
    {
        var data = MemberRecord.Encode(Full);
        data[offset] = value;

        Assert.Contains(expected, Assert.Throws<RecordFormatException>(() => MemberRecord.Decode(data)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Random_damage_gives_a_record_or_one_kind_of_exception()
    {
        var random = new Random(20261120);
        var accepted = 0;
        for (var i = 0; i < 20_000; i++)
        {
            var data = MemberRecord.Encode(Full);
            for (var damage = random.Next(1, 4); damage > 0; damage--)
            {
                data[random.Next(data.Length)] = (byte)random.Next(256);
            }

            accepted += IsAccepted(random.Next(4) == 0 ? data[..random.Next(data.Length)] : data) ? 1 : 0;
        }

        Assert.InRange(accepted, 1, 19_999);
    }

    [Fact]
    public void A_count_that_the_data_cannot_hold_is_refused_before_anything_is_allocated()
    {
        var data = MemberRecord.Encode(new NodeInfo { Id = new NodeId(1), Name = "n" });
        data[^4] = data[^3] = 0xFF;
        var before = GC.GetAllocatedBytesForCurrentThread();

        Assert.Throws<RecordFormatException>(() => MemberRecord.Decode(data));

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 64 * 1024);
    }

    [Fact]
    public void A_record_above_the_limit_is_refused_by_name_and_by_the_reader()
    {
        var large = Full with { Name = "large", Attributes = Full.Attributes.Add("b", new string('x', 40_000)).Add("c", new string('x', 40_000)) };

        var exception = Assert.Throws<GridConfigurationException>(() => MemberRecord.Encode(large));

        Assert.Contains("large", exception.Message, StringComparison.Ordinal);
        Assert.Contains("65536", exception.Message, StringComparison.Ordinal);
        Assert.Throws<RecordFormatException>(() => MemberRecord.Decode(new byte[MemberRecord.BytesMax + 1]));
    }

    [Fact]
    public void Text_that_is_not_Unicode_is_refused_when_it_is_written() =>
        Assert.Contains("surrogate", Assert.Throws<GridConfigurationException>(() => MemberRecord.Encode(Full with { Name = "\ud800" })).Message, StringComparison.Ordinal);

    private static bool IsAccepted(byte[] data)
    {
        try
        {
            Assert.NotEmpty(MemberRecord.Decode(data).Name);
            return true;
        }
        catch (RecordFormatException)
        {
            return false;
        }
    }
}
