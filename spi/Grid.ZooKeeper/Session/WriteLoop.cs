using System.Net.Sockets;
using Grid.ZooKeeper.Requests;

namespace Grid.ZooKeeper.Session;

/// <summary>The writing thread: sends what has gathered, and watches the time: pings, nudges, dead connections, slow handshakes, stale requests, the fence.</summary>
internal sealed class WriteLoop(SessionServices services)
{
    private static readonly TimeSpan WaitMax = TimeSpan.FromMinutes(1);
    private readonly WriteBatch _batch = new();
    private readonly TimeProvider _clock = services.Options.TimeProvider;

    /// <summary>A ping that found the connection busy is tried again at the latest after this.</summary>
    private readonly long _retryPingAfter = SessionTimings.Units(TimeSpan.FromMilliseconds(5), services.Options.TimeProvider);
    private readonly TimeSpan _requestTimeout = services.Options.RequestTimeout ?? TimeSpan.Zero;

    public void Run()
    {
        while (!services.Ledger.IsFinal)
        {
            Step();
        }
    }

    /// <summary>Writes on behalf of whoever owns the connection's writing side, and gives it back.</summary>
    public static void Write(SessionServices services, Link link, ReadOnlySpan<byte> bytes)
    {
        try
        {
            link.Write(bytes);
        }
        catch (Exception exception) when (exception is SocketException or IOException or ObjectDisposedException or InvalidOperationException)
        {
            // The reading thread sees the end of the connection and fails what was sent.
            link.Abort($"writing failed: {exception.Message}");
        }
        finally
        {
            if (services.Queue.EndWrite(link))
            {
                services.WriterSignal.Set();
            }
        }
    }

    private void Step()
    {
        var now = _clock.GetTimestamp();
        var activity = services.Queue.Activity;
        var tick = services.Ledger.Tick(now, activity);
        Apply(tick);
        var withPing = tick.Effects.HasFlag(SessionEffect.SendPing);
        if (services.Queue.TakeBatch(_batch, withPing) is { } link)
        {
            if (withPing)
            {
                services.Metrics.PingSent();
            }

            Write(services, link, _batch.Span);
            return;
        }

        var isTimeWatched = activity.AwaitedSince > 0 || activity.OldestQueuedAt > 0;
        if (services.Queue.TrySleep(isTimeWatched))
        {
            Sleep(withPing ? now + _retryPingAfter : tick.NextAt, now);
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

    private void Sleep(long nextAt, long now)
    {
        var until = Math.Min(nextAt, HandshakeDeadline(now));
        var wait = _clock.GetElapsedTime(now, Math.Max(until, now));
        // Rounded up: a wait of a fraction of a millisecond would be a busy loop.
        services.WriterSignal.WaitOne((int)Math.Ceiling(Math.Min(wait.TotalMilliseconds, WaitMax.TotalMilliseconds)));
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
