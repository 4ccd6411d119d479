namespace Grid;

/// <summary>
/// One membership of one node: a process that lost its membership and joined again keeps its <see cref="NodeId"/>
/// and gets the next incarnation, so that whatever its earlier membership started can be told apart and refused.
/// </summary>
/// <param name="Id">The process.</param>
/// <param name="Incarnation">1 for the first membership of the process, one more for each that follows.</param>
public readonly record struct NodeKey(NodeId Id, long Incarnation)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Id.ToShortString()}#{Incarnation}";
}
