using Grid.Messaging;

namespace Grid.Kernel.Gossip;

/// <summary>A message that waits to be read.</summary>
/// <param name="From">Who sent it: a member or a client.</param>
/// <param name="Kind">One of <see cref="Wire.GossipKinds"/>.</param>
/// <param name="Payload">The bytes; whoever takes the mail disposes them.</param>
/// <param name="ArrivedAt">When it came in, as a timestamp.</param>
internal readonly record struct GossipMail(NodeKey From, byte Kind, MessageBuffer Payload, long ArrivedAt);
