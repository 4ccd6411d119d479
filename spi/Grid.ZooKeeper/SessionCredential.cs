using System.Collections.Immutable;

namespace Grid.ZooKeeper;

/// <summary>What it takes to attach to a session. Who has it can use the session and close it: treat it like a secret.</summary>
/// <param name="SessionId">The session.</param>
/// <param name="Password">Its password: 16 bytes that the server gave.</param>
public sealed record SessionCredential(long SessionId, ImmutableArray<byte> Password)
{
    /// <summary>Compares session and password, byte by byte.</summary>
    /// <param name="other">The other one.</param>
    public bool Equals(SessionCredential? other) =>
        other is not null && SessionId == other.SessionId && Password.AsSpan().SequenceEqual(other.Password.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => SessionId.GetHashCode();

    /// <summary>Shows the session without its password.</summary>
    public override string ToString() => $"session 0x{SessionId:x}";
}
