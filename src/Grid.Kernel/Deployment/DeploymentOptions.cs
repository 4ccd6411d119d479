using System.Collections.Immutable;

namespace Grid.Kernel.Deployment;

/// <summary>What a node ships, takes in and keeps of code. Validated by the host before the node starts.</summary>
internal sealed record DeploymentOptions
{
    /// <summary>Whether code is sent to others and taken from them: default true. Without it a node runs only what its own program consists of.</summary>
    public bool CodeShipping { get; init; } = true;

    /// <summary>The folder of the cache; empty (default) for one below the user's cache folder. Processes of one machine may share it.</summary>
    public string CachePath { get; init; } = "";

    /// <summary>How much the cache may take on disk: 1 MiB to 1 TiB, default 2 GiB. Beyond it the least recently used files go. Too little makes nodes fetch code again.</summary>
    public long CacheBytesMax { get; init; } = 2L << 30;

    /// <summary>The largest file of code: 64 KiB to 1 GiB, default 256 MiB. A file being fetched is held in memory.</summary>
    public int FileBytesMax { get; init; } = 256 << 20;

    /// <summary>The most that one job's code may take: 64 KiB to 16 GiB, default 1 GiB.</summary>
    public long SetBytesMax { get; init; } = 1L << 30;

    /// <summary>The most files that one job's code may consist of: 1 to 65,535, default 4,096.</summary>
    public int SetFilesMax { get; init; } = 4096;

    /// <summary>
    /// How many load contexts may exist, those that are unloaded and not collected yet included: 1 to 10,000, default 64. At the limit the one that has been idle for longest goes; if none is idle, jobs
    /// that need another are rejected, and their submitters try other nodes. Each takes memory for its assemblies and what was compiled of them.
    /// </summary>
    public int ContextsMax { get; init; } = 64;

    /// <summary>How long a context stays loaded without a job although its submitters are there: 1 s to 30 days, default 10 min. Shorter saves memory, longer saves loading.</summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How long a context of one call (<see cref="CodeIsolation.Private"/>) waits for the next job of the call: 10 ms to 1 h, default 2 s.</summary>
    public TimeSpan PrivateIdleTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How often contexts are looked through for what can go: 10 ms to 1 h, default 1 s.</summary>
    public TimeSpan SweepPeriod { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long an answer to a request for code may take before another node is asked: 100 ms to 1 h, default 30 s.</summary>
    public TimeSpan FetchTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How many other members are asked for a file that the submitter did not give: 0 to 64, default 3.</summary>
    public int PeersTriedMax { get; init; } = 3;

    /// <summary>
    /// Simple names of assemblies that shipped code takes from the node's own program, as it does with Grid's: for instances that are handed to jobs through the node's services. They go by
    /// name, so submitters and nodes must declare the same ones and run the same version of them. Default none.
    /// </summary>
    public ImmutableHashSet<string> Shared { get; init; } = [];
}
