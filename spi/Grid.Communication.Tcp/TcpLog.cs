using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;

namespace Grid.Communication.Tcp;

/// <summary>What the TCP provider logs: ids 1100 to 1199.</summary>
internal static partial class TcpLog
{
    [LoggerMessage(EventId = 1100, Level = LogLevel.Information, Message = "Listening at {Endpoint}, advertised as {Advertised}")]
    public static partial void Listening(ILogger logger, IPEndPoint endpoint, NodeEndpoint advertised);

    [LoggerMessage(EventId = 1101, Level = LogLevel.Warning, Message = "Refused a connection from {Remote}: {Reason}, {Detail}; further ones of this source are counted, not logged, for a minute")]
    public static partial void Refused(ILogger logger, string remote, string reason, string detail);

    [LoggerMessage(EventId = 1102, Level = LogLevel.Error, Message = "Accepting at {Endpoint} failed: {Error}; trying again in 100 ms")]
    public static partial void AcceptFailed(ILogger logger, string endpoint, SocketError error);
}
