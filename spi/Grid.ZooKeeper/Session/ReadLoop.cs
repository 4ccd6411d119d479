using System.Net;
using System.Net.Sockets;
using Grid.ZooKeeper.Servers;
using Grid.ZooKeeper.Wire;

namespace Grid.ZooKeeper.Session;

/// <summary>
/// The reading thread: makes a connection, prepares it, reads it until it is lost, and begins again until the session is over. The only place
/// where connections come and go. When callers' code keeps the thread, another one goes on from here: everything belongs to whoever leads.
/// </summary>
internal sealed class ReadLoop(SessionServices services, ServerRotation rotation, ReconnectPause pause)
{
    /// <summary>For how many answers at hand what callers ask for meanwhile is kept back: a write for each costs, and so does a server that waits for work.</summary>
    private const int GatheredMax = 32;
    private int _rounds;

    /// <summary>What is made or read at present.</summary>
    private Connection? _connection;

    /// <summary>Reads until the session is over or another thread leads.</summary>
    /// <returns>Whether the session is over.</returns>
    public bool Run()
    {
        while (_connection is not null || !services.Ledger.IsFinal)
        {
            _connection ??= Begin();
            if (_connection is not null && !Serve(_connection))
            {
                return false;
            }
        }

        return true;
    }

    private Connection? Begin()
    {
        if (!TryPickServer(out var server))
        {
            return null;
        }

        var link = new Link(server.Endpoint, server.Host, HandshakeDeadline());
        services.CurrentLink = link;
        services.CallWatch();
        if (!services.Ledger.IsFinal)
        {
            return new Connection(link);
        }

        link.Dispose();
        return null;
    }

    /// <summary>The next server; between two rounds with a pause before it.</summary>
    private bool TryPickServer(out (IPEndPoint Endpoint, string Host) server)
    {
        if (rotation.IsRoundOver && _rounds++ > 0)
        {
            services.Threads.Pause(pause.Next(PauseMax()));
        }

        if (rotation.TryNext(out server))
        {
            return !services.Ledger.IsFinal;
        }

        services.Log.NothingResolved(rotation.Failures);
        services.LastFailure = $"no server name could be resolved ({rotation.Failures})";
        return false;
    }

    /// <returns>False when another thread leads: the connection is that one's.</returns>
    private bool Serve(Connection connection)
    {
        string? reason = null;
        try
        {
            if (connection.Dispatcher is not null || TryOpen(connection))
            {
                reason = ReadUntilLost(connection.Reader!, connection.Dispatcher!);
                if (reason is null)
                {
                    return false;
                }
            }
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
        }
        catch (AuthFailedException exception)
        {
            services.Ledger.AuthFailed(exception.Message);
        }

        _connection = null;
        if (reason is not null)
        {
            Lost(connection, connection.Link.AbortReason ?? reason);
        }

        connection.Link.Dispose();
        return true;
    }

    /// <returns>Whether the session lives; otherwise the server said that it has ended.</returns>
    private bool TryOpen(Connection connection)
    {
        connection.Link.Connect(services.Options.Tls);
        connection.Reader = new FrameReader(connection.Link, services.Options.ReplyBytesMax, services.Queue.Times.Received);
        var handshake = new Handshake(connection.Link, connection.Reader, services);
        if (!handshake.TryAttach())
        {
            return false;
        }

        handshake.Authenticate(services.Auths);
        connection.Dispatcher = new ReplyDispatcher(services, handshake.SendWatches());
        Opened(connection);
        return true;
    }

    /// <summary>The status changes before requests may go, so that nobody sees an answer while it still says Suspended.</summary>
    private void Opened(Connection connection)
    {
        rotation.Used(connection.Link.Endpoint);
        pause.Reset();
        connection.Link.LimitWrites(SessionTimeout() / 3);
        connection.Link.IsPrepared = true;
        services.Ledger.Connected(connection.Server);
        if (services.Queue.Open(connection.Link))
        {
            services.Threads.CallWriter();
        }

        services.CallWatch();
        services.Log.Connected(services.Ledger.Credential?.SessionId ?? 0, connection.Server, services.Ledger.Board.Latest.Timeout);
    }

    private void Lost(Connection connection, string reason)
    {
        services.LastFailure = $"{connection.Server}: {reason}";
        if (connection.Dispatcher is null)
        {
            services.Log.AttemptFailed(connection.Server, reason);
            return;
        }

        services.Ledger.Lost($"the connection to {connection.Server} was lost: {reason}");
        services.Queue.Close(reason);
        if (!services.Ledger.IsFinal)
        {
            services.Metrics.ConnectionLost();
            services.Log.ConnectionLost(connection.Server, reason);
        }
    }

    /// <returns>Why the connection is lost; <see langword="null"/> when another thread reads it.</returns>
    private string? ReadUntilLost(FrameReader reader, ReplyDispatcher dispatcher)
    {
        services.Queue.LeadBy(Environment.CurrentManagedThreadId);
        var answers = 0;
        while (reader.TryRead(out var frame))
        {
            if (reader.HasNext && answers++ == 0)
            {
                services.Queue.BeginGathering();
            }

            switch (dispatcher.Dispatch(frame))
            {
                case Dispatched.Deposed:
                    return null;
                case Dispatched.Closed:
                    services.Ledger.Closed();
                    return "the session was closed";
            }

            if (!reader.HasNext || answers == GatheredMax)
            {
                WriteLoop.WriteGathered(services);
                answers = 0;
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
