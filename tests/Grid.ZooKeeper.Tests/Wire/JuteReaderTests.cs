using Grid.ZooKeeper.Tests.Peer;
using Grid.ZooKeeper.Wire;

namespace Grid.ZooKeeper.Tests.Wire;

public sealed class JuteReaderTests
{
    [Fact]
    public void A_count_that_cannot_be_true_allocates_nothing()
    {
        var frame = ScriptedConnection.Body(1_000_000_000, "a");
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<JuteFormatException>(() => Read(frame, (ref reader) => reader.ReadStrings()));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000);
    }

    [Theory]
    [InlineData(-2)]
    [InlineData(int.MinValue)]
    [InlineData(5)]
    [InlineData(int.MaxValue)]
    public void A_length_beyond_the_frame_is_refused(int length)
    {
        var frame = (byte[])[.. ScriptedConnection.Body(length), 1, 2, 3, 4];
        Assert.Throws<JuteFormatException>(() => Read(frame, (ref reader) => reader.ReadBuffer()));
    }

    [Fact]
    public void Null_and_empty_buffers_differ_and_null_strings_and_vectors_are_empty()
    {
        Assert.Null(Read(ScriptedConnection.Body(-1), (ref reader) => reader.ReadBuffer()));
        Assert.Empty(Read(ScriptedConnection.Body(0), (ref reader) => reader.ReadBuffer())!);
        Assert.Equal("", Read(ScriptedConnection.Body(-1), (ref reader) => reader.ReadString()));
        Assert.Empty(Read(ScriptedConnection.Body(-1), (ref reader) => reader.ReadStrings()));
    }

    [Fact]
    public void Random_replies_decode_or_are_refused_and_nothing_else()
    {
        const int Seed = 4_711;
        var random = new Random(Seed);
        MultiOp[] operations = [MultiOp.Check("/a", 1), MultiOp.Delete("/b")];
        for (var round = 0; round < 20_000; round++)
        {
            var frame = new byte[random.Next(120)];
            random.NextBytes(frame);
            if (random.Next(2) == 0)
            {
                // Small numbers lead deeper into the decoders than random ones.
                for (var i = 0; i + 3 < frame.Length; i += 4)
                {
                    (frame[i], frame[i + 1], frame[i + 2], frame[i + 3]) = (0, 0, 0, (byte)random.Next(20));
                }
            }

            TryDecode(frame, (ref reader) => reader.ReadAcls());
            TryDecode(frame, (ref reader) => Replies.Children(ref reader, default));
            TryDecode(frame, (ref reader) => Replies.Identities(ref reader, default));
            TryDecode(frame, (ref reader) => MultiReplies.ReadReads(ref reader, 3));
            TryDecode(frame, (ref reader) => MultiReplies.ReadWrites(ref reader, default, operations));
            TryDecode(frame, (ref _) => ConnectResponse.Read(frame));
        }
    }

    private delegate T Reading<out T>(ref JuteReader reader);

    private static T Read<T>(byte[] frame, Reading<T> read)
    {
        var reader = new JuteReader(frame);
        return read(ref reader);
    }

    private static void TryDecode<T>(byte[] frame, Reading<T> read)
    {
        try
        {
            Read(frame, read);
        }
        catch (Exception exception) when (exception is JuteFormatException or MultiException)
        {
            // The two ways in which a reply may be refused.
        }
    }
}
