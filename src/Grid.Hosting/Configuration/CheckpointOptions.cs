namespace Grid.Hosting;

/// <summary>Where jobs save their checkpoints: the section <c>Grid:Checkpoint</c>. The same on every node of a cluster.</summary>
public sealed class CheckpointOptions
{
    /// <summary>The value of <see cref="Provider"/> without which jobs cannot save anything.</summary>
    public const string None = "None";

    /// <summary>
    /// <c>Provider</c>: <c>None</c> (default): jobs that use checkpoints fail and say so. <c>FileSystem</c>: files in a folder that all nodes reach, <c>Checkpoint:FileSystem:Path</c>. <c>InMemory</c>: the memory of
    /// this process, for nodes that share it.
    /// </summary>
    public string Provider { get; init; } = None;

    /// <summary><c>ValueBytesMax</c>: how large a value may be, 1,024 to 1,073,741,824 bytes, default 16 MiB. A value is in memory as a whole while it is saved or loaded.</summary>
    public int ValueBytesMax { get; init; } = 16 << 20;
}
