using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace Grid.ZooKeeper;

/// <summary>One entry of a znode's access control list: what an identity may do.</summary>
/// <param name="Permissions">What is allowed.</param>
/// <param name="Scheme"><c>world</c>, <c>auth</c>, <c>digest</c>, <c>ip</c>, <c>x509</c>, <c>sasl</c> or a scheme of a server plug-in.</param>
/// <param name="Id">The identity in the terms of its scheme.</param>
public sealed record Acl(AclPermissions Permissions, string Scheme, string Id)
{
    /// <summary>Everybody may do everything. The default, and wrong wherever strangers reach the server.</summary>
    public static IReadOnlyList<Acl> Open { get; } = [new(AclPermissions.All, "world", "anyone")];

    /// <summary>Everybody may read, nobody may change.</summary>
    public static IReadOnlyList<Acl> ReadOnly { get; } = [new(AclPermissions.Read, "world", "anyone")];

    /// <summary>Only the identities that the creating connection has may do anything. Refused with <see cref="ZooKeeperErrorCode.InvalidAcl"/> when it has none.</summary>
    public static IReadOnlyList<Acl> CreatorAll { get; } = [new(AclPermissions.All, "auth", "")];

    /// <summary>An entry for one user of the digest scheme, as the server keeps it: user name and SHA-1 of user name and password.</summary>
    /// <param name="permissions">What is allowed.</param>
    /// <param name="user">User name; without a colon.</param>
    /// <param name="password">Password. Only its hash leaves this method.</param>
    [SuppressMessage("Security", "CA5350", Justification = "The digest scheme of ZooKeeper is defined with SHA-1.")]
    public static Acl Digest(AclPermissions permissions, string user, string password)
    {
        ArgumentException.ThrowIfNullOrEmpty(user);
        ArgumentNullException.ThrowIfNull(password);
        if (user.Contains(':', StringComparison.Ordinal))
        {
            throw new ArgumentException("A user name of the digest scheme cannot contain a colon: it separates name and password.", nameof(user));
        }

        var hash = SHA1.HashData(Encoding.UTF8.GetBytes($"{user}:{password}"));
        return new Acl(permissions, "digest", $"{user}:{Convert.ToBase64String(hash)}");
    }
}
