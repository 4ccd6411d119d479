namespace Grid.Messaging.Tests;

/// <summary>Tests that change the whole process, such as its thread pool: no other test runs beside them.</summary>
[CollectionDefinition(nameof(AloneInProcess), DisableParallelization = true)]
public sealed class AloneInProcess;
