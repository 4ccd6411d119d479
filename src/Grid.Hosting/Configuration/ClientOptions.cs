namespace Grid.Hosting;

/// <summary>How a client connects: the section <c>Grid:Client</c>.</summary>
public sealed class ClientOptions
{
    /// <summary>The key of <see cref="Url"/>.</summary>
    internal const string UrlKey = "Client:Url";

    /// <summary>
    /// <c>Url</c>: the cluster in one line, such as <c>zookeeper://zk1:2181,zk2:2181/grid?cluster=demo</c>; what it says goes before the other keys. Empty (default): they say it all.
    /// Its query takes <c>cluster</c> (required), <c>secret</c> (better kept in the environment: <c>GRID_SECRET</c>), <c>connectTimeout</c>, and what the scheme's provider accepts.
    /// </summary>
    public string Url { get; init; } = "";

    /// <summary><c>Name</c>: what workers log and list as the submitter, 1 to 128 characters. Empty (default): user, machine and process.</summary>
    public string Name { get; init; } = "";

    /// <summary>
    /// <c>ConnectTimeout</c>: how long connecting may take until the registry has answered and a member was reached, 100 ms to 1 hour, default 15 s. Lower reports a wrong address sooner; higher survives a
    /// registry or cluster that is being started.
    /// </summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>
    /// <c>NeedsMembers</c>: whether connecting fails unless there is a member that answers, default <see langword="true"/>. It finds a mistyped cluster and a wrong secret before the first job does. Switch it
    /// off for clients that may be up before the workers. A client creates no cluster: where the registry keeps clusters (ZooKeeper), the first worker must have run before, or come within <see cref="ConnectTimeout"/>.
    /// </summary>
    public bool NeedsMembers { get; init; } = true;
}
