using Grid.Kernel.Compute.Wire;
using Grid.Messaging;
using Microsoft.Extensions.Logging;

namespace Grid.Kernel.Tests.Compute;

[Trait("Lane", "pure")]
public sealed class JobTrailerTests
{
    [Theory]
    [InlineData("", LogLevel.None)]
    [InlineData("nightly sums", LogLevel.Information)]
    [InlineData("日本 🐝 ü", LogLevel.Trace)]
    public void A_trailer_is_read_back_from_behind_the_argument(string name, LogLevel level)
    {
        var bytes = Encode([1, 2, 3], new JobTrailer(name, level));

        Assert.True(JobTrailer.TryRead(bytes, out var read, out var size));
        Assert.Equal(new JobTrailer(name, level), read);
        Assert.Equal(3, bytes.Length - size);
    }

    [Fact]
    public void A_long_name_is_cut_to_what_listings_show()
    {
        var trailer = JobTrailer.For(new JobOptions { Name = new string('界', 500) });

        Assert.True(JobTrailer.TryRead(Encode([], trailer), out var read, out _));
        Assert.Equal(128, read.Name.Length);
    }

    [Theory]
    [InlineData(new byte[] { })]
    [InlineData(new byte[] { 0, 0 })]
    [InlineData(new byte[] { 65, 2, 0, 2 })]
    [InlineData(new byte[] { 65, 255, 255, 2 })]
    [InlineData(new byte[] { 65, 1, 0, 7 })]
    public void A_trailer_that_promises_more_than_there_is_or_an_unknown_level_is_refused(byte[] bytes) =>
        Assert.False(JobTrailer.TryRead(bytes, out _, out _));

    [Fact]
    public void Trailers_of_chance_are_refused_or_sane()
    {
        var random = new Random(11);
        var taken = 0;
        for (var round = 0; round < 20_000; round++)
        {
            var bytes = Encode(new byte[random.Next(8)], new JobTrailer(new string('n', random.Next(10)), (LogLevel)random.Next(7)));
            bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            if (JobTrailer.TryRead(bytes, out var read, out var size))
            {
                taken++;
                Assert.InRange(size, 3, bytes.Length);
                Assert.InRange(read.Log, LogLevel.Trace, LogLevel.None);
            }
        }

        Assert.InRange(taken, 1, 19_999);
    }

    [Fact]
    public void A_log_line_travels_whole_up_to_its_limit()
    {
        var notice = new JobLogNotice(7, 2, new JobLogLine(LogLevel.Error, "kaputt: ü"));
        Assert.True(JobLogNotice.TryRead(notice.ToBytes(), out var read));
        Assert.Equal(notice, read);

        Assert.True(JobLogNotice.TryRead((notice with { Line = new JobLogLine(LogLevel.Debug, new string('x', 100_000)) }).ToBytes(), out var cut));
        Assert.Equal(4096, cut.Line.Text.Length);
        Assert.False(JobLogNotice.TryRead(new byte[12], out _));
        Assert.False(JobLogNotice.TryRead(new byte[13 + (4 * 4096)], out _));
        Assert.False(JobLogNotice.TryRead([.. new byte[12], 6], out _));
    }

    private static byte[] Encode(byte[] argument, JobTrailer trailer)
    {
        using var buffer = new MessageBuffer();
        argument.CopyTo(buffer.GetSpan(argument.Length));
        buffer.Advance(argument.Length);
        trailer.Write(buffer);
        return buffer.WrittenSpan.ToArray();
    }
}
