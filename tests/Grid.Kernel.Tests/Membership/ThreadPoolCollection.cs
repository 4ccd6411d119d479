namespace Grid.Kernel.Tests.Membership;

/// <summary>Tests that block the thread pool run alone.</summary>
[CollectionDefinition(nameof(ThreadPoolCollection), DisableParallelization = true)]
public sealed class ThreadPoolCollection;
