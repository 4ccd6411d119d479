namespace Grid.Cluster.Tests;

/// <summary>Tests that make namespaces also remove those that were left: two at once would remove the same ones.</summary>
[CollectionDefinition(nameof(OneSiteAtATime))]
public sealed class OneSiteAtATime;
