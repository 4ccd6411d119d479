namespace Grid;

/// <summary>Asks a node to take part in a computation.</summary>
/// <param name="Home">The node where its root runs.</param>
/// <param name="Number">What tells it from others of that node.</param>
/// <param name="Root">The type of its root: the code that the tasks need comes with it.</param>
internal sealed record ForkJoinInvitation(NodeKey Home, long Number, Type Root);
