namespace Grid.Kernel.ForkJoin;

/// <summary>The limits of fork/join computations on a node.</summary>
internal sealed record ForkJoinOptions
{
    /// <summary>
    /// How many tasks a worker that waits for a result may begin on top of each other, each while the one below waits: 0 to 1,000, default 64. Past it, and past half of its stack, it
    /// sleeps until its result is there. Raising it keeps more workers busy in deep trees and uses more stack.
    /// </summary>
    public int HelpDepthMax { get; init; } = 64;

    /// <summary>
    /// How many times a worker without a task looks for one before it sleeps or leaves: 0 to 10,000, default 64. Raising it shortens the way to the next task and
    /// costs processor time after each burst.
    /// </summary>
    public int LooksMax { get; init; } = 64;

    /// <summary>
    /// How long a computation runs before other nodes are asked to take part: 0 to 1 min, default 1 ms. Raising it spares small computations the messages and delays the help for large ones.
    /// </summary>
    public TimeSpan AnnounceAfter { get; init; } = TimeSpan.FromMilliseconds(1);

    /// <summary>
    /// How often a node without work asks again although it waits to be sent some, and the home repeats who takes part, in case a message was lost: 100 ms to 1 min, default 2 s.
    /// </summary>
    public TimeSpan RestPeriod { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How many nodes a computation that starts here may use: 1 to 4,096, default 1,024.</summary>
    public int NodesMax { get; init; } = 1024;

    /// <summary>How many peers in a row a node without work asks before it waits to be sent some: 1 to 100, default 2. Raising it finds scattered work sooner and costs messages.</summary>
    public int TriesMax { get; init; } = 2;

    /// <summary>How many tasks one answer carries: 1 to 1,000, default 32.</summary>
    public int BatchMax { get; init; } = 32;

    /// <summary>How much work one answer carries, by how long stolen tasks took so far: 0 to 10 s, default 5 ms; at least one task. Raising it costs balance, lowering it messages.</summary>
    public TimeSpan BatchTime { get; init; } = TimeSpan.FromMilliseconds(5);

    /// <summary>How many tasks of a computation may be with other nodes at a time: 1 to 1,000,000, default 16,384. Each is kept until its outcome is here.</summary>
    public int LentMax { get; init; } = 16_384;

    /// <summary>An answer takes no further task once it has this many bytes: 1 KiB to 16 MiB, default 256 KiB.</summary>
    public int LootBytesMax { get; init; } = 256 * 1024;

    /// <summary>The largest task that is given away, in bytes: 1 KiB to 32 MiB, default 16 MiB. A larger one runs on its node. Must leave room below the largest message.</summary>
    public int TaskBytesMax { get; init; } = 16 * 1024 * 1024;
}
