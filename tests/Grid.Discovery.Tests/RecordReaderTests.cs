namespace Grid.Discovery.Tests;

public sealed class RecordReaderTests
{
    [Fact]
    public void What_is_written_is_read_in_the_same_order()
    {
        var writer = new RecordWriter();
        writer.WriteByte(7);
        writer.WriteInt32(-8);
        writer.WriteInt64(long.MinValue);
        writer.WriteUInt64(ulong.MaxValue);
        writer.WriteUInt128(UInt128.MaxValue - 1);
        writer.WriteCount(65_535);
        writer.WriteString("ä🐝");
        writer.WriteBytes([1, 2]);

        var reader = new RecordReader(writer.Written);

        Assert.Equal((7, -8, long.MinValue, ulong.MaxValue), (reader.ReadByte(), reader.ReadInt32(), reader.ReadInt64(), reader.ReadUInt64()));
        Assert.Equal((UInt128.MaxValue - 1, 65_535, "ä🐝"), (reader.ReadUInt128(), reader.ReadCount(0), reader.ReadString()));
        Assert.Equal([1, 2], reader.ReadBytes(2).ToArray());
        Assert.Equal(0, reader.Remaining);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(4)]
    [InlineData(int.MaxValue)]
    public void A_length_that_is_not_there_is_refused(int count) =>
        Assert.Throws<RecordFormatException>(() => new RecordReader([1, 2, 3]).ReadBytes(count));

    [Fact]
    public void A_text_that_is_not_UTF8_is_refused() =>
        Assert.Contains("UTF-8", Assert.Throws<RecordFormatException>(() => new RecordReader([0, 1, 0xFF]).ReadString()).Message, StringComparison.Ordinal);

    [Fact]
    public void A_list_that_is_too_long_to_be_counted_is_refused_when_it_is_written() =>
        Assert.Contains("65535", Assert.Throws<FormatException>(() => new RecordWriter().WriteCount(65_536)).Message, StringComparison.Ordinal);
}
