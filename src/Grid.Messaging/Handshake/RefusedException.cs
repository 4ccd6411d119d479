namespace Grid.Messaging.Handshake;

/// <summary>Ends a handshake inside this assembly; it is turned into a public exception or a log line before it leaves.</summary>
internal sealed class RefusedException(Refusal refusal, bool isByPeer, string detail = "") : Exception($"{refusal}{(isByPeer ? " (said by the peer)" : "")} {detail}")
{
    public Refusal Refusal { get; } = refusal;

    public bool IsByPeer { get; } = isByPeer;

    public string Detail { get; } = detail;
}
