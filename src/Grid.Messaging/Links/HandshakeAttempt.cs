using Grid.Spi;

namespace Grid.Messaging.Links;

/// <summary>One connect or handshake under way, which can be given up at its deadline from another thread.</summary>
internal sealed class HandshakeAttempt(HandshakeAttempts owner, long startedAt, bool isIncoming) : IDisposable
{
    private readonly CancellationTokenSource _cancellation = new();

    public long StartedAt { get; } = startedAt;

    public bool IsIncoming { get; } = isIncoming;

    public CancellationToken Token => _cancellation.Token;

    /// <summary>Whether it was given up.</summary>
    public bool IsExpired => _cancellation.IsCancellationRequested;

    /// <summary>The work itself, so that stopping can await it.</summary>
    public Task Completion { get; set; } = Task.CompletedTask;

    /// <summary>Has the pipe aborted if the attempt is given up before the result is disposed.</summary>
    public CancellationTokenRegistration Guard(ICommunicationPipe pipe) => _cancellation.Token.UnsafeRegister(static state => ((ICommunicationPipe)state!).Abort(), pipe);

    public void Expire()
    {
        try
        {
            _cancellation.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It ended in the meantime.
        }
    }

    public void Dispose()
    {
        owner.Remove(this);
        _cancellation.Dispose();
    }
}
