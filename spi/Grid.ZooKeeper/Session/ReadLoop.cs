using System.Net;
using System.Net.Sockets;
using Grid.ZooKeeper.Servers;
using Grid.ZooKeeper.Wire;

namespace Grid.ZooKeeper.Session;

/// <summary>
/// The reading thread: makes a connection, prepares it, reads it until it is lost, and begins again until the session is over. The only place
/// where connections come and go.
/// </summary>
internal sealed class ReadLoop(SessionServices services, ServerRotation rotation, ReconnectPause pause)
{
    private int _rounds;

    public void Run()
    {
        while (!services.Ledger.IsFinal)
        {
            if (!TryPickServer(out var server))
            {
                continue;
            }

            using var link = new Link(server.Endpoint, server.Host, HandshakeDeadline());
            services.CurrentLink = link;
            services.WriterSignal.Set();
            if (services.Ledger.IsFinal)
            {
                return;
            }

            Serve(link);
        }
    }

    /// <summary>The next server; between two rounds with a pause before it.</summary>
    private bool TryPickServer(out (IPEndPoint Endpoint, string Host) server)
    {
        if (rotation.IsRoundOver && _rounds++ > 0)
        {
            services.Stopping.Wait(pause.Next(PauseMax()));
        }

        if (rotation.TryNext(out server))
        {
            return !services.Ledger.IsFinal;
        }

        services.Log.NothingResolved(rotation.Failures);
        services.LastFailure = $"no server name could be resolved ({rotation.Failures})";
        return false;
    }

    private void Serve(Link link)
    {
        var server = $"{link.Host} ({link.Endpoint})";
        var isConnected = false;
        string reason;
        try
        {
            link.Connect(services.Options.Tls);
            var reader = new FrameReader(link, services.Options.ReplyBytesMax, services.Queue.Received);
            if (Prepare(link, reader) is not { } dispatcher)
            {
                return;
            }

            isConnected = true;
            Opened(link, server);
            reason = ReadUntilLost(reader, dispatcher);
        }
        catch (Exception exception) when (exception is SocketException or IOException or ObjectDisposedException or JuteFormatException
            or System.Security.Authentication.AuthenticationException or FormatException or InvalidOperationException)
        {
            reason = exception.Message;
        }
        catch (SessionRefusedException exception)
        {
            services.RefuseStart(exception);
            services.Ledger.Refused(exception.Message);
            return;
        }
        catch (AuthFailedException exception)
        {
            services.Ledger.AuthFailed(exception.Message);
            return;
        }

        Lost(server, link.AbortReason ?? reason, isConnected);
    }

    private ReplyDispatcher? Prepare(Link link, FrameReader reader)
    {
        var handshake = new Handshake(link, reader, services);
        if (!handshake.TryAttach())
        {
            return null;
        }

        handshake.Authenticate(services.Auths);
        return new ReplyDispatcher(services, handshake.SendWatches());
    }

    /// <summary>The status changes before requests may go, so that nobody sees an answer while it still says Suspended.</summary>
    private void Opened(Link link, string server)
    {
        rotation.Used(link.Endpoint);
        pause.Reset();
        link.IsPrepared = true;
        services.Ledger.Connected(server);
        services.Queue.Open(link);
        services.WriterSignal.Set();
        services.Log.Connected(services.Ledger.Credential?.SessionId ?? 0, server, services.Ledger.Board.Latest.Timeout);
    }

    private void Lost(string server, string reason, bool isConnected)
    {
        services.LastFailure = $"{server}: {reason}";
        if (!isConnected)
        {
            services.Log.AttemptFailed(server, reason);
            return;
        }

        services.Ledger.Lost($"the connection to {server} was lost: {reason}");
        services.Queue.Close(reason);
        if (!services.Ledger.IsFinal)
        {
            services.Metrics.ConnectionLost();
            services.Log.ConnectionLost(server, reason);
        }
    }

    private string ReadUntilLost(FrameReader reader, ReplyDispatcher dispatcher)
    {
        while (reader.TryRead(out var frame))
        {
            if (!dispatcher.Dispatch(frame))
            {
                services.Ledger.Closed();
                return "the session was closed";
            }
        }

        return "the server closed the connection";
    }

    private long HandshakeDeadline()
    {
        var timeout = services.Options.HandshakeTimeout
            ?? HandshakePatience.For(SessionTimeout(), rotation.Count, services.Ledger.Credential is null ? _rounds : 1);
        return services.Options.TimeProvider.GetTimestamp() + SessionTimings.Units(timeout, services.Options.TimeProvider);
    }

    private TimeSpan PauseMax() => services.Options.ReconnectPauseMax
        ?? TimeSpan.FromMilliseconds(Math.Min(1000, SessionTimeout().TotalMilliseconds / 10));

    private TimeSpan SessionTimeout()
    {
        var granted = services.Ledger.Board.Latest.Timeout;
        return granted > TimeSpan.Zero ? granted : services.Options.SessionTimeout;
    }
}
