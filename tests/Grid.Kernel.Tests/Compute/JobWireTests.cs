using Grid.Kernel.Compute.Wire;

namespace Grid.Kernel.Tests.Compute;

[Trait("Lane", "pure")]
public sealed class JobWireTests
{
    [Theory]
    [InlineData(1, 1, -1, 0, 0)]
    [InlineData(long.MaxValue, 100, 0, 3, 17)]
    [InlineData(42, 5, 86_400_000, 1, 3)]
    public void A_header_is_read_as_it_was_written(long number, int attempt, long remainingMs, int flags, int delegateBytes)
    {
        var header = new JobHeader(number, attempt, remainingMs, (JobFlags)flags, delegateBytes);
        var bytes = new byte[JobHeader.Size + delegateBytes];
        header.Write(bytes);

        Assert.True(JobHeader.TryRead(bytes, out var read));
        Assert.Equal(header, read);
    }

    [Fact]
    public void A_header_that_promises_more_than_the_message_holds_is_refused()
    {
        var bytes = new byte[JobHeader.Size + 10];
        new JobHeader(1, 1, -1, JobFlags.None, 11).Write(bytes);

        Assert.False(JobHeader.TryRead(bytes, out _));
    }

    [Fact]
    public void Headers_of_chance_are_refused_or_sane()
    {
        var random = new Random(7);
        var bytes = new byte[JobHeader.Size + 20];
        var taken = 0;
        for (var round = 0; round < 20_000; round++)
        {
            new JobHeader(random.Next(1, 100), random.Next(1, 100), random.Next(-1, 1000), (JobFlags)random.Next(4), random.Next(20)).Write(bytes);
            bytes[random.Next(JobHeader.Size)] = (byte)random.Next(256);
            if (JobHeader.TryRead(bytes.AsSpan(0, random.Next(bytes.Length + 1)), out var header))
            {
                taken++;
                Assert.InRange(header.Attempt, 1, 100);
                Assert.InRange(header.DelegateBytes, 0, 20);
                Assert.True(header.Number > 0 && header.RemainingMs >= -1);
            }
        }

        Assert.InRange(taken, 1, 19_999);
    }

    [Fact]
    public void A_reason_travels_whole_up_to_its_limit()
    {
        Assert.True(JobReply.TryRead(JobReply.OfReason(ReplyStatus.Rejected, 3, "voll – später"), out var reply));
        Assert.Equal((ReplyStatus.Rejected, 3, "voll – später"), (reply.Status, reply.Attempt, reply.Reason()));

        Assert.True(JobReply.TryRead(JobReply.OfReason(ReplyStatus.GivenUp, 1, new string('x', 100_000)), out var cut));
        Assert.Equal(1024, cut.Reason().Length);
    }

    [Theory]
    [InlineData(new byte[0])]
    [InlineData(new byte[] { 0, 1, 0, 0 })]
    [InlineData(new byte[] { 9, 1, 0, 0, 0 })]
    public void A_short_or_unknown_reply_is_refused(byte[] bytes) => Assert.False(JobReply.TryRead(bytes, out _));

    [Theory]
    [InlineData(0.25, "half of the half")]
    [InlineData(1.0, null)]
    public void A_notice_with_progress_is_read_as_it_was_written(double fraction, string? message)
    {
        var notice = new JobNotice(12, 2, new JobProgress(fraction, message));

        Assert.True(JobNotice.TryRead(notice.ToBytes(), out var read));
        Assert.Equal(notice, read);
    }

    [Fact]
    public void A_notice_cut_anywhere_is_refused_or_shorter()
    {
        var bytes = new JobNotice(12, 2, new JobProgress(0.5, "abc")).ToBytes();
        for (var length = 0; length < bytes.Length; length++)
        {
            var isRead = JobNotice.TryRead(bytes.AsSpan(0, length), out var notice);
            Assert.Equal(length is 12 or >= 21, isRead);
            Assert.True(!isRead || notice.Number == 12);
        }
    }
}
