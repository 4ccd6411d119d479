namespace Grid.Spi;

/// <summary>The metrics in a member's record.</summary>
/// <param name="Node">The membership that wrote them.</param>
/// <param name="Metrics">What it wrote; the receiver may keep it.</param>
public sealed record MemberMetrics(NodeKey Node, ReadOnlyMemory<byte> Metrics);
