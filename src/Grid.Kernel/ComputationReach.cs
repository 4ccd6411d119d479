using Grid.Serialization;

namespace Grid.Kernel;

/// <summary>How a fork/join computation can leave its node.</summary>
/// <param name="Nodes">The nodes that may take part; null for all.</param>
/// <param name="Isolation">With whom they share its code.</param>
/// <param name="Serializer">Reads and writes its tasks.</param>
internal sealed record ComputationReach(IReadOnlyList<NodeId>? Nodes, CodeIsolation Isolation, GridSerializer Serializer);
