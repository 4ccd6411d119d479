namespace Grid.Hosting;

/// <summary>How nodes prove that they belong together: the section <c>Grid:Security</c>.</summary>
public sealed class SecurityOptions
{
    /// <summary>The fewest characters of a cluster secret.</summary>
    public const int SecretCharsMin = 16;

    /// <summary>
    /// <c>ClusterSecret</c>: known to every member, at least 16 characters. Empty (default): only nodes of this machine can link, and a listener on
    /// another address than loopback refuses to start, because a grid runs the code it is sent. The secret authenticates links, it does not encrypt them. Keep
    /// it out of files: <c>Grid__Security__ClusterSecret</c> in the environment works.
    /// </summary>
    public string ClusterSecret { get; init; } = "";
}
