using System.Diagnostics;

namespace Grid.Messaging.Frames;

/// <summary>
/// What waits to be sent to one peer: a queue per lane, taken from in the order of urgency, with one write in eight for the least urgent lane that has
/// something. Not thread-safe: the peer's lock guards it.
/// </summary>
internal sealed class OutgoingQueue
{
    private const int FairRound = 8;

    private readonly OutgoingLane[] _lanes;
    private readonly long _laneBytesMax;
    private readonly List<(Lane Lane, TaskCompletionSource Room)> _waiters = [];
    private int _round;

    public OutgoingQueue(int pieceBytes, long laneBytesMax)
    {
        _lanes = [new OutgoingLane(Lane.Control, pieceBytes), new OutgoingLane(Lane.Data, pieceBytes), new OutgoingLane(Lane.Bulk, pieceBytes)];
        _laneBytesMax = laneBytesMax;
    }

    /// <summary>While the end of the link is being agreed on, only what is bound to the link is sent.</summary>
    public bool IsHeld { get; set; }

    public bool IsEmpty => _lanes[0].IsEmpty && _lanes[1].IsEmpty && _lanes[2].IsEmpty;

    public long QueuedBytes => _lanes[0].QueuedBytes + _lanes[1].QueuedBytes + _lanes[2].QueuedBytes;

    public bool HasRoom(Lane lane, int payloadBytes)
    {
        var queued = _lanes[(int)lane].QueuedBytes;
        return queued == 0 || queued + payloadBytes <= _laneBytesMax;
    }

    /// <summary>The number that the next message on the lane gets.</summary>
    public long NextMessage(Lane lane) => _lanes[(int)lane].LastMessage + 1;

    /// <summary>Whether a message has been handed to a pipe at least in part.</summary>
    public bool IsTaken(Lane lane, long message) => message <= _lanes[(int)lane].LastTaken;

    public void Append(in FrameHeader header, in ActivityContext trace, ReadOnlySpan<byte> payload) => _lanes[(int)header.Lane].Append(header, trace, payload);

    public void Append(in FrameHeader header, in ActivityContext trace, MessageBuffer payload) => _lanes[(int)header.Lane].Append(header, trace, payload, isLinkBound: false);

    public void AppendLinkBound(in FrameHeader header, MessageBuffer payload) => _lanes[(int)header.Lane].Append(header, default, payload, isLinkBound: true);

    public bool TryTake(out WriteUnit unit)
    {
        var isTaken = ++_round % FairRound == 0 ? TryTakeFromLast(out unit) : TryTakeFromFirst(out unit);
        if (_waiters.Count > 0)
        {
            ReleaseWaiters();
        }

        return isTaken;
    }

    /// <summary>Gives back what a finished write used.</summary>
    public void Recycle(in WriteUnit unit)
    {
        if (unit.Finished is { } finished)
        {
            _lanes[(int)finished.Header.Lane].Recycle(finished);
        }
    }

    /// <summary>Waits until a lane is below half of its bound.</summary>
    public Task RoomAsync(Lane lane)
    {
        if (_lanes[(int)lane].QueuedBytes <= _laneBytesMax / 2)
        {
            return Task.CompletedTask;
        }

        var waiter = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _waiters.Add((lane, waiter));
        return waiter.Task;
    }

    public void DropLinkBound()
    {
        IsHeld = false;
        foreach (var lane in _lanes)
        {
            lane.DropLinkBound();
        }

        ReleaseWaiters();
    }

    public void Clear()
    {
        IsHeld = false;
        foreach (var lane in _lanes)
        {
            lane.Clear();
            lane.Trim();
        }

        ReleaseWaiters();
    }

    private bool TryTakeFromFirst(out WriteUnit unit) =>
        _lanes[0].TryTake(IsHeld, out unit) || _lanes[1].TryTake(IsHeld, out unit) || _lanes[2].TryTake(IsHeld, out unit);

    private bool TryTakeFromLast(out WriteUnit unit) =>
        _lanes[2].TryTake(IsHeld, out unit) || _lanes[1].TryTake(IsHeld, out unit) || _lanes[0].TryTake(IsHeld, out unit);

    private void ReleaseWaiters()
    {
        for (var i = _waiters.Count - 1; i >= 0; i--)
        {
            if (_lanes[(int)_waiters[i].Lane].QueuedBytes <= _laneBytesMax / 2)
            {
                _waiters[i].Room.TrySetResult();
                _waiters.RemoveAt(i);
            }
        }
    }
}
