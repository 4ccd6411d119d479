using System.Collections.Immutable;
using System.Security.Cryptography;
using Grid.ZooKeeper.Auth;
using Grid.ZooKeeper.Watches;
using Grid.ZooKeeper.Wire;

namespace Grid.ZooKeeper.Session;

/// <summary>
/// Prepares a connection, in the order that matters: the session, then SASL, then credentials (they belong to the connection, and watches are checked
/// against them), then the watches, then requests. Runs on the reading thread and blocks it; the link's deadline bounds it.
/// </summary>
internal sealed class Handshake(Link link, FrameReader reader, SessionServices services)
{
    private const int SaslXid = 1;
    private static readonly ImmutableArray<byte> NoPassword = [.. new byte[16]];

    /// <summary>Opens the session or attaches to it.</summary>
    /// <returns>Whether it lives; otherwise the server said that it has ended.</returns>
    public bool TryAttach()
    {
        var options = services.Options;
        var credential = services.Ledger.Credential;
        var timeout = (int)options.SessionTimeout.TotalMilliseconds;
        var sentAt = options.TimeProvider.GetTimestamp();
        Send(Frames.Connect(new ConnectRequest(services.LastZxid, timeout, credential?.SessionId ?? 0, credential?.Password ?? NoPassword)));
        var response = ConnectResponse.Read(Receive());
        if (!response.IsExpired)
        {
            CheckGranted(response.Timeout);
            services.Queue.Times.Answered(sentAt);
        }

        services.Ledger.Answered(response);
        return !response.IsExpired;
    }

    public void Authenticate(ImmutableArray<AuthInfo> auths)
    {
        if (services.Options.Sasl is { } sasl)
        {
            AuthenticateSasl(sasl);
        }

        foreach (var auth in auths)
        {
            Send(Frames.Auth(auth, services.Options.RequestBytesMax));
            var header = ReceiveReply(Xid.Auth, out _);
            ThrowIfRefused(header, auth.ToString());
        }
    }

    /// <summary>Sends the watches; their answers come among those of later requests.</summary>
    /// <returns>How many answers.</returns>
    public int SendWatches()
    {
        var zxid = services.LastZxid;
        var frames = SetWatchesFrames.Build(services.Watches, zxid, services.Options.RequestBytesMax);
        frames.ForEach(Send);
        if (frames.Count > 0)
        {
            services.Log.WatchesRestored(frames.Count, zxid);
        }

        return frames.Count;
    }

    private void CheckGranted(TimeSpan granted)
    {
        var options = services.Options;
        if (granted < options.SessionTimeoutMin)
        {
            Send(Frames.CloseSession());
            throw new SessionRefusedException(
                $"The server granted a session timeout of {granted}, less than {nameof(ZooKeeperOptions.SessionTimeoutMin)} ({options.SessionTimeoutMin}). "
                + "Raise maxSessionTimeout at the servers (default 20 ticks), or lower the setting.");
        }

        if (granted != options.SessionTimeout)
        {
            services.Log.TimeoutClamped(granted, options.SessionTimeout);
        }
    }

    private void AuthenticateSasl(SaslCredential sasl)
    {
        var challenge = ExchangeToken([], sasl);
        var nonce = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        ExchangeToken(DigestMd5.Respond(challenge, sasl, nonce), sasl);
    }

    private byte[] ExchangeToken(ReadOnlySpan<byte> token, SaslCredential sasl)
    {
        var writer = JuteWriter.Request(OpCode.Sasl, services.Options.RequestBytesMax);
        writer.WriteBuffer(token);
        var frame = writer.Finish();
        frame.SetXid(SaslXid);
        Send(frame);
        ThrowIfRefused(ReceiveReply(SaslXid, out var body), sasl.ToString());
        return body.ReadBuffer() ?? [];
    }

    private static void ThrowIfRefused(ReplyHeader header, string what)
    {
        if (header.Error != ZooKeeperErrorCode.Ok)
        {
            throw new AuthFailedException($"the server refused the {what}: {header.Error}");
        }
    }

    private ReplyHeader ReceiveReply(int xid, out JuteReader body)
    {
        body = new JuteReader(Receive());
        var header = ReplyHeader.Read(ref body);
        return header.Xid == xid ? header : throw new JuteFormatException($"The server answered {header.Xid} where {xid} was due.");
    }

    private void Send(Frame frame)
    {
        link.Write(frame.Span);
        frame.Return();
    }

    private ReadOnlySpan<byte> Receive() => reader.TryRead(out var frame)
        ? frame
        : throw new IOException("the server closed the connection during the handshake: it may not serve yet, have no quorum, or know less than this client has seen");
}
