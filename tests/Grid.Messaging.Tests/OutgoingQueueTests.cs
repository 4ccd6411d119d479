using Grid.Messaging.Frames;

namespace Grid.Messaging.Tests;

public sealed class OutgoingQueueTests
{
    private const int PieceBytes = 4096;

    [Fact]
    public void A_control_message_overtakes_what_is_left_of_a_large_one()
    {
        var queue = new OutgoingQueue(PieceBytes, 1 << 20);
        Append(queue, Lane.Bulk, 20_000);
        Assert.True(queue.TryTake(out _));
        Append(queue, Lane.Control, 10);

        Assert.True(queue.TryTake(out var next));

        Assert.Equal(Lane.Control, FrameHeader.Read(next.Bytes.Span).Lane);
    }

    [Fact]
    public void The_least_urgent_lane_gets_one_write_in_eight()
    {
        var queue = new OutgoingQueue(PieceBytes, 1 << 24);
        Append(queue, Lane.Bulk, 200_000);
        Append(queue, Lane.Data, 1_000_000);

        var lanes = Enumerable.Range(0, 80).Select(_ => queue.TryTake(out var unit) ? FrameHeader.Read(unit.Bytes.Span).Lane : Lane.Control).ToList();

        Assert.Equal(10, lanes.Count(lane => lane == Lane.Bulk));
        Assert.Equal(70, lanes.Count(lane => lane == Lane.Data));
    }

    [Fact]
    public void Small_frames_of_a_lane_leave_in_one_write()
    {
        var queue = new OutgoingQueue(PieceBytes, 1 << 20);
        for (var i = 0; i < 100; i++)
        {
            queue.Append(Header(Lane.Data), default, new byte[10]);
        }

        Assert.True(queue.TryTake(out var unit));

        Assert.Equal(100, unit.Frames);
        Assert.Equal(100 * (FrameHeader.SizeBytes + 10), unit.Bytes.Length);
        Assert.True(queue.IsEmpty);
    }

    [Fact]
    public void A_held_queue_sends_only_what_is_about_the_link()
    {
        var queue = new OutgoingQueue(PieceBytes, 1 << 20) { IsHeld = true };
        queue.AppendLinkBound(Header(Lane.Control), new MessageBuffer());
        Append(queue, Lane.Data, 10);

        Assert.True(queue.TryTake(out _));
        Assert.False(queue.TryTake(out _));
        queue.IsHeld = false;
        Assert.True(queue.TryTake(out _));
    }

    [Fact]
    public void When_a_link_goes_what_was_begun_is_dropped_and_the_rest_stays()
    {
        var queue = new OutgoingQueue(PieceBytes, 1 << 20);
        Append(queue, Lane.Data, 20_000);
        Append(queue, Lane.Data, 30_000);
        queue.AppendLinkBound(Header(Lane.Data), new MessageBuffer());
        Assert.True(queue.TryTake(out _));

        queue.DropLinkBound();

        Assert.True(queue.IsTaken(Lane.Data, 1));
        Assert.False(queue.IsTaken(Lane.Data, 2));
        Assert.Equal(30_000, queue.QueuedBytes);
    }

    [Fact]
    public async Task Room_comes_when_half_of_the_bound_is_free()
    {
        var queue = new OutgoingQueue(PieceBytes, 10_000);
        Append(queue, Lane.Data, 10_000);
        Assert.False(queue.HasRoom(Lane.Data, 1));
        Assert.True(queue.HasRoom(Lane.Control, 1));
        var room = queue.RoomAsync(Lane.Data);
        Assert.False(room.IsCompleted);

        while (queue.QueuedBytes > 5_000)
        {
            Assert.True(queue.TryTake(out _));
        }

        await room.WaitAsync(TestNode.Guard);
    }

    [Theory]
    [InlineData(PieceBytes + 1, 1)]
    [InlineData((2 * PieceBytes) + (PieceBytes / 8), 2)]
    [InlineData((2 * PieceBytes) + (PieceBytes / 8) + 1, 3)]
    public void A_rest_that_hardly_exceeds_a_piece_goes_with_it(int payloadBytes, int pieces)
    {
        var queue = new OutgoingQueue(PieceBytes, 1 << 20);
        Append(queue, Lane.Data, payloadBytes);

        Assert.Equal(pieces, TakeAll(queue));
    }

    [Fact]
    public void No_piece_is_longer_than_a_peer_accepts()
    {
        var queue = new OutgoingQueue(FrameHeader.PieceBytesMax, 1 << 24);
        Append(queue, Lane.Data, FrameHeader.PieceBytesMax + 1);

        Assert.Equal(2, TakeAll(queue));
    }

    private static int TakeAll(OutgoingQueue queue)
    {
        var units = 0;
        while (queue.TryTake(out _))
        {
            units++;
        }

        return units;
    }

    private static FrameHeader Header(Lane lane) => new(FrameType.OneWay, 1, FrameFlags.None, lane, 0, 0);

    private static void Append(OutgoingQueue queue, Lane lane, int bytes)
    {
        var buffer = new MessageBuffer(bytes);
        buffer.GetSpan(bytes);
        buffer.Advance(bytes);
        queue.Append(Header(lane), default, buffer);
    }
}
