using System.Net.Sockets;
using Grid.Discovery.Gossip.Wire;

namespace Grid.Discovery.Gossip.Net;

/// <summary>Answers exchanges on a few threads of its own; more callers than threads wait in the listener's queue, which is bounded.</summary>
internal sealed class SyncServer : IDisposable
{
    private const int StackBytes = 256 * 1024;
    private const int Threads = 3;
    private readonly Socket _listener;
    private readonly ClusterKey _key;
    private readonly TimeProvider _time;
    private readonly GossipDiscoveryMetrics _metrics;
    private readonly Func<SyncMessage, SyncMessage> _answer;
    private volatile bool _isDisposed;

    public SyncServer(Socket listener, ClusterKey key, TimeProvider time, GossipDiscoveryMetrics metrics, Func<SyncMessage, SyncMessage> answer)
    {
        (_listener, _key, _time, _metrics, _answer) = (listener, key, time, metrics, answer);
        for (var i = 0; i < Threads; i++)
        {
            new Thread(Run, StackBytes) { Name = "grid-gossip-tcp", IsBackground = true }.UnsafeStart();
        }
    }

    public void Dispose()
    {
        _isDisposed = true;
        _listener.Dispose();
    }

    private void Run()
    {
        while (!_isDisposed)
        {
            try
            {
                using var socket = _listener.Accept();
                socket.NoDelay = true;
                new SyncLink(socket, _key, _time, _metrics).Answer(_answer);
            }
            catch (Exception exception) when (exception is SocketException or ObjectDisposedException or IOException or RecordFormatException)
            {
                // A stranger, a peer that went, or the end: the peer's own log says why its exchange failed.
            }
        }
    }
}
