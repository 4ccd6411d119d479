using Grid.ZooKeeper.Requests;
using Grid.ZooKeeper.Wire;

namespace Grid.ZooKeeper;

/// <summary>Who may do what: access control lists and identities.</summary>
public static class ZooKeeperAccessOperations
{
    /// <summary>Reads a node's access control list.</summary>
    /// <param name="client">The client.</param>
    /// <param name="path">Absolute path.</param>
    /// <param name="ct">Stops waiting.</param>
    /// <exception cref="ZooKeeperException">Among others <see cref="ZooKeeperErrorCode.NoNode"/>, <see cref="ZooKeeperErrorCode.NoAuth"/>.</exception>
    public static Task<AclResult> GetAclAsync(this ZooKeeperClient client, string path, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(client);
        var session = client.Service;
        var target = session.Target(path);
        var writer = session.NewFrame(OpCode.GetAcl);
        writer.WriteString(target);
        return session.Submit(new TypedRequest<AclResult>(OpCode.GetAcl, target, Replies.Acl), writer.Finish(), ct);
    }

    /// <summary>Replaces a node's access control list and returns the node's metadata.</summary>
    /// <param name="client">The client.</param>
    /// <param name="path">Absolute path.</param>
    /// <param name="acl">The new list.</param>
    /// <param name="version">Expected <see cref="Stat.Aversion"/>; -1 for any.</param>
    /// <param name="ct">Stops waiting.</param>
    /// <exception cref="ZooKeeperException">Among others <see cref="ZooKeeperErrorCode.NoAuth"/>, <see cref="ZooKeeperErrorCode.InvalidAcl"/>, <see cref="ZooKeeperErrorCode.BadVersion"/>.</exception>
    public static Task<Stat> SetAclAsync(this ZooKeeperClient client, string path, IReadOnlyList<Acl> acl, int version = -1, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(acl);
        var session = client.Service;
        var target = session.Target(path);
        var writer = session.NewFrame(OpCode.SetAcl);
        writer.WriteString(target);
        writer.WriteAcls(acl);
        writer.WriteInt(version);
        return session.Submit(new TypedRequest<Stat>(OpCode.SetAcl, target, Replies.Stat), writer.Finish(), ct);
    }

    /// <summary>
    /// Presents credentials, now and first thing on each later connection. Requests called after it run with the new identity,
    /// also without awaiting it. Refused credentials end the client with <see cref="SessionState.AuthFailed"/>.
    /// </summary>
    /// <param name="client">The client.</param>
    /// <param name="auth">The credentials.</param>
    /// <param name="ct">Stops waiting; the credentials stay.</param>
    /// <exception cref="ZooKeeperException"><see cref="ZooKeeperErrorCode.AuthFailed"/>: the server refused them.</exception>
    public static Task AddAuthAsync(this ZooKeeperClient client, AuthInfo auth, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(auth);
        return client.Service.AddAuth(auth, ct);
    }

    /// <summary>The identities that the server has accepted for this connection. Needs servers of 3.7 or newer.</summary>
    /// <param name="client">The client.</param>
    /// <param name="ct">Stops waiting.</param>
    public static Task<IReadOnlyList<ClientIdentity>> WhoAmIAsync(this ZooKeeperClient client, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(client);
        var writer = client.Service.NewFrame(OpCode.WhoAmI);
        return client.Service.Submit(new TypedRequest<IReadOnlyList<ClientIdentity>>(OpCode.WhoAmI, null, Replies.Identities), writer.Finish(), ct);
    }
}
