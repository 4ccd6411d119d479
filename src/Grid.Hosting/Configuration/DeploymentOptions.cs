using System.Collections.Immutable;

namespace Grid.Hosting;

/// <summary>How code travels: the section <c>Grid:Deployment</c>.</summary>
public sealed class DeploymentOptions
{
    /// <summary>
    /// <c>CodeShipping</c>: whether this node sends its code to others and takes theirs, default true. With false it runs only jobs of the very program that it is itself, and all others
    /// end with <see cref="CodeShippingException"/>.
    /// </summary>
    public bool CodeShipping { get; init; } = true;

    /// <summary>
    /// <c>CachePath</c>: the folder for code that was fetched. Empty (default): <c>grid/code</c> below the user's folder for local data, or a folder of the user's below the one for temporary
    /// files. Nodes of one machine may share it. Nobody but the user may be able to write there; what is read is checked against its hash all the same.
    /// </summary>
    public string CachePath { get; init; } = "";

    /// <summary><c>CacheBytesMax</c>: how much the cache may take on disk, 1 MiB to 1 TiB, default 2 GiB. Beyond it the least recently used files go and are fetched again when needed.</summary>
    public long CacheBytesMax { get; init; } = 2L << 30;

    /// <summary><c>FileBytesMax</c>: the largest file of code that is taken, 64 KiB to 1 GiB, default 256 MiB. A file on its way is held in memory.</summary>
    public int FileBytesMax { get; init; } = 256 << 20;

    /// <summary><c>SetBytesMax</c>: the most that the code of one job may take, 64 KiB to 16 GiB, default 1 GiB.</summary>
    public long SetBytesMax { get; init; } = 1L << 30;

    /// <summary>
    /// <c>ContextsMax</c>: how many load contexts may exist, 1 to 10,000, default 64. At the limit the one that was idle for longest is unloaded; when all are in use, jobs that need
    /// another are rejected, and their submitters try other nodes. Each takes memory for its assemblies and what was compiled of them.
    /// </summary>
    public int ContextsMax { get; init; } = 64;

    /// <summary>
    /// <c>IdleTimeout</c>: how long code stays loaded without a job although its submitters are there, 1 s to 30 days, default 10 min. Shorter saves memory, longer saves loading and keeps what jobs cache
    /// in static fields.
    /// </summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>
    /// <c>Shared</c>: simple names, separated by commas, of assemblies that shipped code takes from this program instead of bringing its own, so that jobs can use
    /// the program's objects of their types (<see cref="IJobContext.Services"/>). Submitters and nodes must name the same ones, and run the same version of them. Default none.
    /// </summary>
    public ImmutableHashSet<string> Shared { get; init; } = [];
}
