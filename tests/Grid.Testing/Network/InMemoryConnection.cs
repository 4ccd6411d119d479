namespace Grid.Testing.Network;

/// <summary>The two directions of one connection and the pipe at either end.</summary>
internal sealed class InMemoryConnection
{
    private readonly InMemoryNetwork _network;
    private readonly string _dialer;
    private readonly string _listener;
    private readonly InMemoryDirection _toListener;
    private readonly InMemoryDirection _toDialer;
    private int _open = 2;

    public InMemoryConnection(InMemoryNetwork network, string dialer, string listener, bool isLoopback)
    {
        _network = network;
        _dialer = dialer;
        _listener = listener;
        _toListener = new InMemoryDirection(network, dialer, listener, Break);
        _toDialer = new InMemoryDirection(network, listener, dialer, Break);
        DialerPipe = new InMemoryPipe(this, _toDialer, _toListener, listener, isLoopback);
        ListenerPipe = new InMemoryPipe(this, _toListener, _toDialer, dialer, isLoopback);
        network.Add(this);
        _toListener.Start();
        _toDialer.Start();
    }

    public InMemoryPipe DialerPipe { get; }

    public InMemoryPipe ListenerPipe { get; }

    public bool IsBetween(string one, string other) => (_dialer == one && _listener == other) || (_dialer == other && _listener == one);

    /// <summary>Breaks both directions for both ends at once: a reset.</summary>
    public void Break(string why)
    {
        DialerPipe.Fail(why);
        ListenerPipe.Fail(why);
        _network.Remove(this);
    }

    /// <summary>One end has aborted: the other learns it as fast as the network carries it.</summary>
    public void OnAborted(InMemoryPipe end)
    {
        var other = end == DialerPipe ? ListenerPipe : DialerPipe;
        var (from, to) = end == DialerPipe ? (_dialer, _listener) : (_listener, _dialer);
        _network.Travel(from, to, () => other.Fail($"{from} has aborted the in-memory connection."));
        _network.Remove(this);
    }

    public void OnDisposed()
    {
        if (Interlocked.Decrement(ref _open) == 0)
        {
            _network.Remove(this);
        }
    }
}
