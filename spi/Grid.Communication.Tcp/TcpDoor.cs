using System.Net;
using Microsoft.Extensions.Logging;

namespace Grid.Communication.Tcp;

/// <summary>What happens to connections that do not become pipes: each is counted, and logged once per source and minute.</summary>
internal sealed class TcpDoor(ILogger logger, TimeProvider time, TcpMetrics metrics)
{
    private readonly RefusedSources _sources = new(time);

    public void RefuseForPipes(TcpPipe pipe, int pipesMax) =>
        Refuse(pipe, "TooManyPipes", $"{pipesMax} pipes are open; raise {nameof(TcpCommunicationOptions.PipesMax)} if these are peers");

    public void RefuseForHandshakes(TcpPipe pipe, int handshakesMax) =>
        Refuse(pipe, "TooManyHandshakes", $"{handshakesMax} handshakes of TLS are under way; raise {nameof(TlsOptions.HandshakesMax)} if these are peers");

    public void Refuse(TcpPipe pipe, TlsRefusedException refused) => Refuse(pipe, $"Tls{refused.Refusal}", refused.Message);

    private void Refuse(TcpPipe pipe, string reason, string detail)
    {
        metrics.Refused(reason);
        if (_sources.ShouldLog(IPEndPoint.TryParse(pipe.RemoteEndpoint, out var remote) ? remote.Address.ToString() : pipe.RemoteEndpoint))
        {
            TcpLog.Refused(logger, pipe.RemoteEndpoint, reason, detail);
        }

        pipe.Abort();
    }
}
