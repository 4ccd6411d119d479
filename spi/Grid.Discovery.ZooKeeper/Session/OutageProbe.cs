using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;

namespace Grid.Discovery.ZooKeeper.Session;

/// <summary>
/// Tells an ensemble that is down from one that this node cannot reach. While the connection is lost it asks every server in turn, on a
/// thread of its own; a round in which each of them was reached and did not serve proves that whoever led the ensemble when the round began
/// had ceased to by its end. Sessions are counted by the leader, and a new leader gives each its full timeout, so no session can expire sooner
/// than its timeout after the beginning of such a round: as good as an answered ping.
/// </summary>
internal sealed class OutageProbe : IDisposable
{
    private static readonly TimeSpan ServerWait = TimeSpan.FromMilliseconds(500);
    private readonly ImmutableArray<NodeEndpoint> _servers;
    private readonly TimeProvider _time;
    private readonly Action<long> _onOutage;
    private readonly TimeSpan _pause;
    private readonly ManualResetEventSlim _stopping = new();
    private readonly Thread _thread;

    /// <summary>Starts to ask.</summary>
    /// <param name="servers">Every server of the ensemble.</param>
    /// <param name="pause">Between two rounds.</param>
    /// <param name="time">The clock.</param>
    /// <param name="onOutage">Called on the probe's thread with the timestamp of the beginning of each round that found no server serving.</param>
    public OutageProbe(ImmutableArray<NodeEndpoint> servers, TimeSpan pause, TimeProvider time, Action<long> onOutage)
    {
        (_servers, _pause, _time, _onOutage) = (servers, pause, time, onOutage);
        _thread = new Thread(Run, 256 * 1024) { Name = "grid-zk-outage", IsBackground = true };
        _thread.UnsafeStart();
    }

    /// <summary>Ends the rounds; the thread follows within the time of one question.</summary>
    public void Dispose() => _stopping.Set();

    private void Run()
    {
        do
        {
            var since = _time.GetTimestamp();
            if (_servers.All(server => !_stopping.IsSet && IsReachedAndDown(server)))
            {
                _onOutage(since);
            }
        }
        while (!_stopping.Wait(_pause));
        _stopping.Dispose();
    }

    /// <summary>Whether all addresses of the server answer, and none serves. A name that does not resolve tells nothing.</summary>
    private static bool IsReachedAndDown(NodeEndpoint server)
    {
        try
        {
            var addresses = Dns.GetHostAddresses(server.Host);
            return addresses.Length > 0 && addresses.All(address => ServerQuestion.Ask(new IPEndPoint(address, server.Port), ServerWait) == ServerAnswer.NotServing);
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
