using System.Net.Sockets;
using Grid.ZooKeeper.Requests;

namespace Grid.ZooKeeper.Session;

/// <summary>
/// The writing thread: sends what has gathered, and watches the time: pings, nudges, dead connections, slow handshakes, stale requests, the fence, and a reading thread that is kept by
/// callers' code.
/// </summary>
internal sealed class WriteLoop(SessionServices services, Action startReader)
{
    private const int ExtraBatchesMax = 4;
    private static readonly TimeSpan WaitMax = TimeSpan.FromMinutes(1);
    private readonly TimeProvider _clock = services.Options.TimeProvider;

    /// <summary>A ping that found the connection busy is tried again at the latest after this.</summary>
    private readonly long _retryPingAfter = SessionTimings.Units(TimeSpan.FromMilliseconds(5), services.Options.TimeProvider);
    private readonly TimeSpan _requestTimeout = services.Options.RequestTimeout ?? TimeSpan.Zero;

    /// <summary>Serves the session until it is over, and returns <see langword="true"/>.</summary>
    public bool Run()
    {
        while (!services.Ledger.IsFinal)
        {
            Step();
        }

        return true;
    }

    /// <summary>
    /// A caller writes its own request, and then a few times what others have added meanwhile: that spares waking the writing thread, and no caller
    /// is held up for long.
    /// </summary>
    public static void WriteFrame(SessionServices services, Link link, ReadOnlySpan<byte> frame) => WriteMore(services, link, TryWrite(link, frame));

    /// <summary>The leader writes what was asked for while it ran callers' code.</summary>
    public static void WriteGathered(SessionServices services)
    {
        if (services.Queue.EndGathering() is { } link)
        {
            WriteMore(services, link, isWritten: true);
        }
    }

    private static void WriteMore(SessionServices services, Link link, bool isWritten)
    {
        for (var i = 0; isWritten && i < ExtraBatchesMax && services.Queue.TryTakeMore(link, out var batch); i++)
        {
            isWritten = TryWrite(link, batch.Span);
        }

        EndWrite(services, link);
    }

    private static bool TryWrite(Link link, ReadOnlySpan<byte> bytes)
    {
        try
        {
            link.Write(bytes);
            return true;
        }
        catch (Exception exception) when (exception is SocketException or IOException or ObjectDisposedException or InvalidOperationException)
        {
            // The reading thread sees the end of the connection and fails what was sent.
            link.Abort($"writing failed: {exception.Message}");
            return false;
        }
    }

    private static void EndWrite(SessionServices services, Link link)
    {
        if (services.Queue.EndWrite(link))
        {
            services.WriterSignal.Set();
        }
    }

    private void Step()
    {
        var lead = services.Leadership.Watch();
        if (lead == Lead.IsVacant)
        {
            services.Queue.LeadBy(0);
            services.Log.LeaderDeposed(Leadership.Patience);
            startReader();
        }

        var now = _clock.GetTimestamp();
        var activity = services.Queue.Activity;
        var tick = services.Ledger.Tick(now, activity);
        Apply(tick);
        var withPing = tick.Effects.HasFlag(SessionEffect.SendPing);
        if (services.Queue.TakeBatch(withPing, out var batch) is { } link)
        {
            if (withPing)
            {
                services.Metrics.PingSent();
            }

            TryWrite(link, batch.Span);
            EndWrite(services, link);
            return;
        }

        var isTimeWatched = activity.AwaitedSince > 0 || activity.OldestQueuedAt > 0;
        if (services.Queue.TrySleep(isTimeWatched))
        {
            Sleep(withPing ? now + _retryPingAfter : tick.NextAt, now, lead == Lead.Rests ? WaitMax : Leadership.Patience);
        }
    }

    private void Apply(SessionTick tick)
    {
        if (tick.Effects.HasFlag(SessionEffect.DropLink))
        {
            services.CurrentLink?.Abort(tick.DropReason);
        }

        if (tick.Effects.HasFlag(SessionEffect.FailStaleQueued))
        {
            var timeout = services.Ledger.Board.Latest.Timeout;
            services.Queue.FailStale(_requestTimeout > TimeSpan.Zero ? _requestTimeout : timeout > TimeSpan.Zero ? timeout : services.Options.SessionTimeout);
        }
    }

    private void Sleep(long nextAt, long now, TimeSpan waitMax)
    {
        var until = Math.Min(nextAt, HandshakeDeadline(now));
        var wait = _clock.GetElapsedTime(now, Math.Max(until, now));
        // Rounded up: a wait of a fraction of a millisecond would be a busy loop.
        services.WriterSignal.WaitOne((int)Math.Ceiling(Math.Min(wait.TotalMilliseconds, waitMax.TotalMilliseconds)));
        services.Queue.Woke();
    }

    /// <summary>Ends a handshake that takes too long, and says when to look again.</summary>
    private long HandshakeDeadline(long now)
    {
        if (services.CurrentLink is not { IsPrepared: false, AbortReason: null } link)
        {
            return SessionTimings.Never;
        }

        if (now < link.Deadline)
        {
            return link.Deadline;
        }

        link.Abort("the server did not finish the handshake in time");
        return SessionTimings.Never;
    }
}
