using System.IO.Pipelines;

namespace Grid.Spi;

/// <summary>
/// A reliable, ordered byte pipe in both directions. One reader and one writer at a time; reading and writing overlap.
/// Contract of continuations, failure and ownership: see <see cref="ICommunicationSpi"/>.
/// </summary>
public interface ICommunicationPipe : IDuplexPipe, IAsyncDisposable
{
    /// <summary>The peer's address as text, for logs; an incoming pipe's port is usually not the one the peer listens at.</summary>
    string RemoteEndpoint { get; }

    /// <summary>Whether both ends are on this machine's loopback interface (or in this process).</summary>
    bool IsLoopback { get; }

    /// <summary>
    /// The name that the peer proved by a certificate during connection set-up, or <see langword="null"/> when the provider
    /// did not authenticate it.
    /// </summary>
    string? PeerCertificateName { get; }

    /// <summary>Breaks the pipe at once: pending and later reads and flushes end with <see cref="CommunicationException"/>. Idempotent; any thread.</summary>
    void Abort();
}
