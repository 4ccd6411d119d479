using Grid.Spi;

namespace Grid.Testing.Communication;

/// <summary>Two providers with one pipe between them.</summary>
internal sealed class PipePair : IAsyncDisposable
{
    private PipePair(ICommunicationSpi dialer, ICommunicationSpi listener, NodeEndpoint endpoint, ICommunicationPipe near, ICommunicationPipe far)
    {
        Dialer = dialer;
        Listener = listener;
        Endpoint = endpoint;
        Near = near;
        Far = far;
    }

    public ICommunicationSpi Dialer { get; }

    public ICommunicationSpi Listener { get; }

    public NodeEndpoint Endpoint { get; }

    /// <summary>The end that connected.</summary>
    public ICommunicationPipe Near { get; }

    /// <summary>The end that was accepted.</summary>
    public ICommunicationPipe Far { get; }

    public static async Task<PipePair> ConnectAsync(Func<ICommunicationSpi> create)
    {
        var listener = create();
        var endpoint = (await listener.ListenAsync(CancellationToken.None))[0];
        var dialer = create();
        var accept = listener.AcceptAsync(CancellationToken.None).AsTask();
        var near = await dialer.ConnectAsync(endpoint, CancellationToken.None).AsTask().WaitAsync(CommunicationConformance.Guard);
        var far = await accept.WaitAsync(CommunicationConformance.Guard);
        return new PipePair(dialer, listener, endpoint, near, far ?? throw new InvalidOperationException("The listener gave no pipe although it is not disposed."));
    }

    public async ValueTask DisposeAsync()
    {
        await Near.DisposeAsync();
        await Far.DisposeAsync();
        await Dialer.DisposeAsync();
        await Listener.DisposeAsync();
    }
}
