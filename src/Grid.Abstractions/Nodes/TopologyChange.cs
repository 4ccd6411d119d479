namespace Grid;

/// <summary>One step from a view to the next.</summary>
/// <param name="Version">The version that the topology had after this change; steps are numbered without gaps.</param>
/// <param name="Kind">What happened.</param>
/// <param name="Node">The member after the change (or as last seen when it is gone); <see langword="null"/> only for a reset.</param>
/// <param name="Previous">The record that <paramref name="Node"/> replaced, for restarts and changes of state or attributes.</param>
public sealed record TopologyChange(long Version, TopologyChangeKind Kind, NodeInfo? Node, NodeInfo? Previous = null);
