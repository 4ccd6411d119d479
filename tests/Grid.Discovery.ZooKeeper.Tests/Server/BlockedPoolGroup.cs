namespace Grid.Discovery.ZooKeeper.Tests.Server;

/// <summary>Tests that take the thread pool away run when no other does.</summary>
[CollectionDefinition(nameof(BlockedPoolGroup), DisableParallelization = true)]
public sealed class BlockedPoolGroup;
