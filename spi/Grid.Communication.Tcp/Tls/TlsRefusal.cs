namespace Grid.Communication.Tcp;

/// <summary>Why a connection got no TLS.</summary>
internal enum TlsRefusal
{
    /// <summary>The other side is no TLS, broke off, or refused this node's certificate.</summary>
    Handshake,

    /// <summary>The other side's certificate is missing or not accepted.</summary>
    Certificate,

    TimedOut,
}
