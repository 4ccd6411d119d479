namespace Grid;

/// <summary>
/// How the members stand as seen from this process: by its own links, and by what they say of themselves and of each other. Answers come from memory, at once, on any
/// thread. Nobody is removed from the topology by it: two members that cannot reach each other may both be well for a third.
/// </summary>
public interface IHealthView
{
    /// <summary>One entry per member, in join order.</summary>
    IReadOnlyList<NodeHealth> All { get; }

    /// <summary>The entry of one member, or <see langword="null"/> when no member has that identity.</summary>
    /// <param name="node">The process.</param>
    NodeHealth? Find(NodeId node);
}
