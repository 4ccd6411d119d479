using System.Collections.Immutable;
using System.Text;

namespace Grid.ZooKeeper;

/// <summary>Credentials that are sent on every connection, before anything else. Its text form hides the secret.</summary>
/// <param name="Scheme">The scheme, such as <c>digest</c>.</param>
/// <param name="Credential">What the scheme wants, at most 64 KiB.</param>
public sealed record AuthInfo(string Scheme, ImmutableArray<byte> Credential)
{
    /// <summary>User and password of the digest scheme. They cross the network readable: use TLS.</summary>
    /// <param name="user">User name; without a colon.</param>
    /// <param name="password">Password.</param>
    public static AuthInfo Digest(string user, string password)
    {
        ArgumentException.ThrowIfNullOrEmpty(user);
        ArgumentNullException.ThrowIfNull(password);
        if (user.Contains(':', StringComparison.Ordinal))
        {
            throw new ArgumentException("A user name of the digest scheme cannot contain a colon: it separates name and password.", nameof(user));
        }

        return new AuthInfo("digest", [.. Encoding.UTF8.GetBytes($"{user}:{password}")]);
    }

    /// <summary>Compares scheme and credential, byte by byte.</summary>
    /// <param name="other">The other one.</param>
    public bool Equals(AuthInfo? other) =>
        other is not null && Scheme == other.Scheme && Credential.AsSpan().SequenceEqual(other.Credential.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Scheme, Credential.Length);

    /// <summary>Shows the scheme without the secret.</summary>
    public override string ToString() => $"{Scheme} credentials";
}
