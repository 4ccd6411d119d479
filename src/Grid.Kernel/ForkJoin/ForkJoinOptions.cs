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
}
