using Grid.Messaging.Frames;

namespace Grid.Messaging.Links;

/// <summary>
/// Watches one link over time: pings a silent one, gives a dead one up, proposes to close an idle one. The read loop only counts; the messenger's
/// thread compares the counts at each tick, so that no clock is read per message.
/// </summary>
/// <remarks>
/// Closing an idle link is agreed on, so that no request is lost in it: the side that dialed holds its queue and proposes; the other refuses when it has
/// anything under way, else holds its queue and agrees; then the first side ends the pipe, and whatever was queued meanwhile makes a new link.
/// </remarks>
internal sealed class LinkWatch(Link link, MessengerContext context)
{
    // Written by the read loop, read by the tick.
    private long _received;
    private long _used;

    // The tick's own.
    private long _receivedSeen;
    private long _usedSeen;
    private long _receivedAt = context.Time.GetTimestamp();
    private long _usedAt = context.Time.GetTimestamp();
    private long _pingedAt = context.Time.GetTimestamp();
    private long _pings;

    // When the first ping was sent that nothing has arrived since; 0 for none. Written by the tick, read by whoever asks for the silence.
    private long _unansweredSince;

    /// <summary>For how long a ping has been without an answer; zero when none is. As of the last tick.</summary>
    public TimeSpan SilenceAt(long now) => Volatile.Read(ref _unansweredSince) is not 0 and var since && now > since ? context.Time.GetElapsedTime(since, now) : TimeSpan.Zero;

    /// <summary>Bytes have arrived.</summary>
    public void Received() => Volatile.Write(ref _received, _received + 1);

    /// <summary>A message other than a ping has arrived.</summary>
    public void Used() => Volatile.Write(ref _used, _used + 1);

    /// <summary>Looks at the link; called by the messenger's thread only.</summary>
    public void Tick(long now)
    {
        Note(ref _receivedSeen, ref _receivedAt, Volatile.Read(ref _received), now);
        Note(ref _usedSeen, ref _usedAt, Volatile.Read(ref _used) + link.Peer.Outbox.Appended, now);
        var silence = context.Time.GetElapsedTime(_receivedAt, now);
        var options = context.Options;
        if (silence < options.PingInterval)
        {
            Volatile.Write(ref _unansweredSince, 0);
        }

        if (silence >= options.LinkTimeout)
        {
            link.Abort(new CommunicationException(
                $"Nothing arrived from {link.Peer.Node} for {silence.TotalSeconds:0.0} s although it was pinged: the connection is half-open, or the node hangs.")
            { MayHaveBeenDelivered = true });
        }
        else if (silence >= options.PingInterval && context.Time.GetElapsedTime(_pingedAt, now) >= options.PingInterval)
        {
            _pingedAt = now;
            Volatile.Write(ref _unansweredSince, _unansweredSince == 0 ? now : _unansweredSince);
            link.Peer.Outbox.AddLinkBound(link, new FrameHeader(FrameType.Ping, 0, FrameFlags.None, Lane.Control, ++_pings, 0), []);
        }
        else if (!link.IsDialedByPeer && context.Time.GetElapsedTime(_usedAt, now) >= options.IdleTimeout)
        {
            // Once per idle period, unless the peer refuses.
            _usedAt = now;
            link.Peer.Outbox.TryHold(link, Closing(FrameType.Close));
        }
    }

    /// <summary>The peer has said something about closing.</summary>
    public void OnClosing(FrameType type)
    {
        switch (type)
        {
            case FrameType.Close:
                if (!link.Peer.Outbox.TryHold(link, Closing(FrameType.CloseAgreed)))
                {
                    link.Peer.Outbox.AddLinkBound(link, Closing(FrameType.CloseRefused), []);
                }

                break;
            case FrameType.CloseAgreed:
                link.EndAgreed();
                break;
            default:
                link.Peer.Outbox.Release(link);
                break;
        }
    }

    private static FrameHeader Closing(FrameType type) => new(type, 0, FrameFlags.None, Lane.Control, 0, 0);

    private static void Note(ref long seen, ref long at, long value, long now)
    {
        if (value != seen)
        {
            seen = value;
            at = now;
        }
    }
}
