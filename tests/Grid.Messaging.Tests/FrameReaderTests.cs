using System.Diagnostics;
using Grid.Messaging.Frames;

namespace Grid.Messaging.Tests;

public sealed class FrameReaderTests
{
    private const int MessageBytesMax = 1 << 20;

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(100_000)]
    public void Frames_that_arrive_in_parts_of_any_size_are_read_whole(int partBytes)
    {
        var sink = new RecordingSink();
        var bytes = Encode(Message(FrameType.Request, 5, Lane.Data, [1, 2, 3]), Message(FrameType.OneWay, 0, Lane.Bulk, new byte[100_000]), Message(FrameType.Reply, 9, Lane.Control, []));

        FeedInParts(sink, bytes, partBytes);

        Assert.Equal([(FrameType.Request, 5L, 3), (FrameType.OneWay, 0L, 100_000), (FrameType.Reply, 9L, 0)], sink.Frames);
    }

    [Fact]
    public void A_large_message_is_handed_over_without_a_second_copy()
    {
        var sink = new RecordingSink { TakesPayloads = true };

        FeedInParts(sink, Encode(Message(FrameType.Request, 1, Lane.Data, new byte[300_000])), 4096);

        Assert.Equal(300_000, Assert.Single(sink.Taken).WrittenBytes);
        Assert.True(sink.Taken[0].IsTaken);
    }

    [Fact]
    public void A_trace_context_survives_the_frame_of_a_small_and_of_a_large_message()
    {
        var trace = new ActivityContext(ActivityTraceId.CreateRandom(), ActivitySpanId.CreateRandom(), ActivityTraceFlags.Recorded);
        var sink = new RecordingSink();
        var queue = new OutgoingQueue(64 * 1024, 1 << 30);
        queue.Append(Header(FrameType.Request, 1, Lane.Data), trace, [1]);
        queue.Append(Header(FrameType.Request, 2, Lane.Data), trace, Buffer(new byte[200_000]));

        FeedInParts(sink, TakeAll(queue), 10_000);

        Assert.Equal(2, sink.Traces.Count);
        Assert.All(sink.Traces, seen => Assert.Equal((trace.TraceId, trace.SpanId, trace.TraceFlags), (seen.TraceId, seen.SpanId, seen.TraceFlags)));
    }

    [Theory]
    [InlineData(0, 1, 0, 0)]
    [InlineData(99, 1, 0, 0)]
    [InlineData(1, 1, 3, 0)]
    [InlineData(1, 1, 0, 64)]
    public void Unknown_types_lanes_and_flags_are_refused(byte type, byte kind, byte lane, byte flags)
    {
        var frame = new byte[FrameHeader.SizeBytes];
        new FrameHeader((FrameType)type, kind, (FrameFlags)flags, (Lane)lane, 1, 0).Write(frame);

        AssertViolation(frame);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(FrameHeader.WholeBytesMax + FrameHeader.PrefixBytesMax + 1)]
    [InlineData(int.MaxValue)]
    public void A_frame_of_impossible_length_is_refused_before_anything_is_allocated(int length)
    {
        var frame = new byte[FrameHeader.SizeBytes];
        new FrameHeader(FrameType.Request, 1, FrameFlags.None, Lane.Data, 1, length).Write(frame);
        var before = GC.GetAllocatedBytesForCurrentThread();

        AssertViolation(frame);

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 64 * 1024);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-5)]
    [InlineData(MessageBytesMax + 1)]
    public void A_message_of_impossible_length_is_refused(int total)
    {
        var frame = new byte[FrameHeader.SizeBytes + 5];
        new FrameHeader(FrameType.Request, 1, FrameFlags.IsFirstPiece, Lane.Data, 1, 5).Write(frame);
        BitConverter.TryWriteBytes(frame.AsSpan(FrameHeader.SizeBytes), total);

        AssertViolation(frame);
    }

    [Fact]
    public void A_piece_without_a_beginning_is_refused()
    {
        var frame = new byte[FrameHeader.SizeBytes + 3];
        new FrameHeader(FrameType.Piece, 1, FrameFlags.None, Lane.Data, 1, 3).Write(frame);

        AssertViolation(frame);
    }

    [Fact]
    public void A_message_that_begins_inside_another_of_its_lane_is_refused()
    {
        var queue = new OutgoingQueue(4096, 1 << 30);
        queue.Append(Header(FrameType.Request, 1, Lane.Data), default, Buffer(new byte[10_000]));
        Assert.True(queue.TryTake(out var first));
        var bytes = first.Bytes.ToArray();

        AssertViolation([.. bytes, .. bytes]);
    }

    [Fact]
    public void Random_bytes_end_in_a_violation_or_wait_for_more_and_nothing_else()
    {
        const int Seed = 20_301;
        var random = new Random(Seed);
        for (var round = 0; round < 5_000; round++)
        {
            var bytes = new byte[random.Next(1, 400)];
            random.NextBytes(bytes);
            bytes.AsSpan(1, Math.Min(3, bytes.Length - 1)).Clear();
            var reader = new FrameReader(new RecordingSink(), MessageBytesMax);
            try
            {
                Assert.InRange(reader.Read(bytes), 0, bytes.Length);
            }
            catch (Exception error)
            {
                Assert.True(error is CommunicationException, $"Seed {Seed}, round {round}: {error}");
            }

            reader.DropAssemblies();
        }
    }

    private static void AssertViolation(byte[] bytes)
    {
        var reader = new FrameReader(new RecordingSink(), MessageBytesMax);

        var error = Assert.Throws<CommunicationException>(() => reader.Read(bytes));

        Assert.Contains("protocol", error.Message, StringComparison.Ordinal);
        reader.DropAssemblies();
    }

    private static void FeedInParts(RecordingSink sink, byte[] bytes, int partBytes)
    {
        var reader = new FrameReader(sink, MessageBytesMax);
        var used = 0;
        for (var end = Math.Min(partBytes, bytes.Length); ; end = Math.Min(end + partBytes, bytes.Length))
        {
            used += reader.Read(bytes.AsSpan(used, end - used));
            if (end == bytes.Length)
            {
                break;
            }
        }

        Assert.Equal(bytes.Length, used);
    }

    private static (FrameHeader Header, byte[] Payload) Message(FrameType type, long id, Lane lane, byte[] payload) => (Header(type, id, lane), payload);

    private static FrameHeader Header(FrameType type, long id, Lane lane) => new(type, 1, FrameFlags.None, lane, id, 0);

    private static byte[] Encode(params (FrameHeader Header, byte[] Payload)[] messages)
    {
        var bytes = new List<byte>();
        foreach (var (header, payload) in messages)
        {
            var queue = new OutgoingQueue(16 * 1024, 1 << 30);
            queue.Append(header, default, Buffer(payload));
            bytes.AddRange(TakeAll(queue));
        }

        return [.. bytes];
    }

    private static byte[] TakeAll(OutgoingQueue queue)
    {
        var bytes = new List<byte>();
        while (queue.TryTake(out var unit))
        {
            bytes.AddRange(unit.Bytes.Span);
            queue.Recycle(unit);
        }

        return [.. bytes];
    }

    private static MessageBuffer Buffer(byte[] payload)
    {
        var buffer = new MessageBuffer(payload.Length);
        payload.CopyTo(buffer.GetSpan(payload.Length));
        buffer.Advance(payload.Length);
        return buffer;
    }

    private sealed class RecordingSink : IFrameSink
    {
        public List<(FrameType Type, long Id, int Length)> Frames { get; } = [];

        public List<ActivityContext> Traces { get; } = [];

        public List<MessageBuffer> Taken { get; } = [];

        public bool TakesPayloads { get; init; }

        public void OnFrame(in FrameHeader header, ReadOnlySpan<byte> payload, MessageBuffer? assembled, in ActivityContext trace)
        {
            Frames.Add((header.Type, header.Id, payload.Length));
            Traces.Add(trace);
            if (TakesPayloads)
            {
                Taken.Add(new IncomingMessage(header.Kind, header.Lane, header.Id, payload, assembled, trace).TakePayload());
            }
        }
    }
}
