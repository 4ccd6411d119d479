namespace Grid.Communication.Tcp;

/// <summary>Ends a handshake inside this assembly; it is turned into a public exception or a log line before it leaves.</summary>
internal sealed class TlsRefusedException(TlsRefusal refusal, string message, Exception cause) : Exception(message, cause)
{
    public TlsRefusal Refusal { get; } = refusal;
}
