namespace Grid.Kernel.Health;

/// <summary>What tells whether a node's work gets on.</summary>
/// <param name="LanesBlocked">Job lanes whose thread waits for something while its job holds a slot.</param>
/// <param name="JobsEnded">Jobs that came to an end so far.</param>
/// <param name="PoolDelay">How long work waits for the shared thread pool; null while unknown.</param>
internal readonly record struct WorkFigures(int LanesBlocked, long JobsEnded, TimeSpan? PoolDelay);
