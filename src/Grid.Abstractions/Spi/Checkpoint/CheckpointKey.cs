namespace Grid.Spi;

/// <summary>The name of an entry of a checkpoint store. Compared ordinally; any characters may occur in it.</summary>
/// <param name="Scope">What the name belongs to: a task or all of the cluster; made by Grid, at most 128 characters.</param>
/// <param name="Name">The job's own name for it, 1 to 256 characters.</param>
public readonly record struct CheckpointKey(string Scope, string Name);
