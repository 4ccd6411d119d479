namespace Grid.Kernel.Health;

/// <summary>Something that a look at the members has brought to light.</summary>
/// <param name="Kind">What.</param>
/// <param name="Node">The member.</param>
/// <param name="Text">What and why, in words.</param>
internal readonly record struct HealthChange(NodeEventKind Kind, NodeInfo Node, string Text);
