using System.IO.Pipelines;
using Grid.Spi;

namespace Grid.Testing.Network;

/// <summary>One end of an in-memory connection.</summary>
internal sealed class InMemoryPipe : ICommunicationPipe
{
    private readonly InMemoryConnection _connection;
    private readonly InMemoryDirection _incoming;
    private readonly InMemoryDirection _outgoing;
    private CommunicationException? _error;
    private int _isDisposed;

    public InMemoryPipe(InMemoryConnection connection, InMemoryDirection incoming, InMemoryDirection outgoing, string remote, bool isLoopback)
    {
        _connection = connection;
        _incoming = incoming;
        _outgoing = outgoing;
        RemoteEndpoint = remote;
        IsLoopback = isLoopback;
        Input = new BreakablePipeReader(incoming.Reader, () => Volatile.Read(ref _error));
        Output = new BreakablePipeWriter(outgoing.Writer, () => Volatile.Read(ref _error));
    }

    public PipeReader Input { get; }

    public PipeWriter Output { get; }

    public string RemoteEndpoint { get; }

    public bool IsLoopback { get; }

    public string? PeerCertificateName => null;

    public void Abort()
    {
        if (Fail("The in-memory connection was aborted by this end."))
        {
            _connection.OnAborted(this);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) != 0)
        {
            return;
        }

        if (Volatile.Read(ref _error) is null)
        {
            await Output.CompleteAsync();
            await Input.CompleteAsync();
        }

        _connection.OnDisposed();
    }

    /// <summary>Breaks this end.</summary>
    /// <returns>Whether it was whole.</returns>
    public bool Fail(string why)
    {
        var error = new CommunicationException(why) { MayHaveBeenDelivered = true };
        if (Interlocked.CompareExchange(ref _error, error, null) is not null)
        {
            return false;
        }

        _incoming.Fail(error);
        _outgoing.Fail(error);
        return true;
    }
}
