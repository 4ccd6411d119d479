namespace Grid.Hosting;

/// <summary>Limits of fork/join computations on this node: the section <c>Grid:ForkJoin</c>.</summary>
public sealed class ForkJoinOptions
{
    /// <summary>
    /// <c>HelpDepthMax</c>: how many tasks a worker that waits for a result may begin on top of each other, 0 to 1,000, default 64. Past it, and past half of its stack, it sleeps until its
    /// result is there. Raising it keeps more workers busy in deep trees and uses more stack.
    /// </summary>
    public int HelpDepthMax { get; init; } = 64;

    /// <summary>
    /// <c>AnnounceAfter</c>: how long a computation runs on its node before others are asked to take part, 0 to 1 minute, default 1 ms. Raising it spares small computations the messages and
    /// delays the help for large ones.
    /// </summary>
    public TimeSpan AnnounceAfter { get; init; } = TimeSpan.FromMilliseconds(1);

    /// <summary><c>NodesMax</c>: how many nodes a computation that starts here may use, 1 to 4,096, default 1,024. With 1 it stays on its node.</summary>
    public int NodesMax { get; init; } = 1024;

    /// <summary>
    /// <c>BatchTime</c>: how much work one answer to a thief carries, by how long stolen tasks took so far, 0 to 10 s, default 5 ms; at least one task. Raising it costs balance, lowering it
    /// messages.
    /// </summary>
    public TimeSpan BatchTime { get; init; } = TimeSpan.FromMilliseconds(5);

    /// <summary><c>LentMax</c>: how many tasks of a computation may be with other nodes at a time, 1 to 1,000,000, default 16,384. Each is kept in memory until its outcome is here.</summary>
    public int LentMax { get; init; } = 16_384;

    /// <summary><c>TaskBytesMax</c>: the largest task that is given away, in bytes, 1 KiB to 16 MiB, default 16 MiB. A larger one runs on its node.</summary>
    public int TaskBytesMax { get; init; } = 16 * 1024 * 1024;
}
