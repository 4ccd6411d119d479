using System.Collections.Immutable;

namespace Grid.ZooKeeper.Wire;

/// <summary>The server's answer to a connect request; a timeout of 0 means that the session has ended.</summary>
internal readonly record struct ConnectResponse(TimeSpan Timeout, long SessionId, ImmutableArray<byte> Password)
{
    private const int BytesMin = 36;
    private const int PasswordBytesMax = 256;

    public bool IsExpired => Timeout <= TimeSpan.Zero;

    public static ConnectResponse Read(ReadOnlySpan<byte> frame)
    {
        if (frame.Length == ReplyHeader.Bytes)
        {
            throw RefusedByHeader(frame);
        }

        if (frame.Length < BytesMin)
        {
            throw new JuteFormatException($"The answer to the connect request has {frame.Length} bytes instead of {BytesMin} or more. Is this port a ZooKeeper client port?");
        }

        var reader = new JuteReader(frame);
        reader.ReadInt();
        var timeout = TimeSpan.FromMilliseconds(reader.ReadInt());
        var sessionId = reader.ReadLong();
        var password = reader.ReadBuffer() ?? [];
        if (password.Length > PasswordBytesMax)
        {
            throw new JuteFormatException($"The session password has {password.Length} bytes; at most {PasswordBytesMax} are taken.");
        }

        return new ConnectResponse(timeout, sessionId, [.. password]);
    }

    /// <summary>A read-only server without local sessions answers with a bare reply header.</summary>
    private static JuteFormatException RefusedByHeader(ReadOnlySpan<byte> frame)
    {
        var reader = new JuteReader(frame);
        return new JuteFormatException($"The server refused the connect request with error {ReplyHeader.Read(ref reader).Error}.");
    }
}
