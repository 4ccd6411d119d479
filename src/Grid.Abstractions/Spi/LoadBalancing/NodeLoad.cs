namespace Grid.Spi;

/// <summary>What the submitter knows of a candidate's load.</summary>
/// <param name="Node">The candidate.</param>
/// <param name="InFlight">Attempts that this submitter has sent to the node and that are not answered yet.</param>
public readonly record struct NodeLoad(NodeInfo Node, int InFlight);
