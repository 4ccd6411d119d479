namespace Grid.ZooKeeper.Requests;

/// <summary>When something last came from the server, as timestamps of the client's clock. Written by the reading thread, read by anyone.</summary>
internal sealed class AnswerTimes(TimeProvider clock)
{
    private long _receivedAt;
    private long _answeredSentAt;

    /// <summary>When bytes came last.</summary>
    public long ReceivedAt => Volatile.Read(ref _receivedAt);

    /// <summary>When the latest request was sent that has been answered.</summary>
    public long AnsweredSentAt => Volatile.Read(ref _answeredSentAt);

    /// <summary>Bytes have come from the server.</summary>
    public void Received() => Volatile.Write(ref _receivedAt, clock.GetTimestamp());

    /// <summary>The server has answered something that was sent at this time.</summary>
    public void Answered(long sentAt)
    {
        if (sentAt > AnsweredSentAt)
        {
            Volatile.Write(ref _answeredSentAt, sentAt);
        }
    }
}
