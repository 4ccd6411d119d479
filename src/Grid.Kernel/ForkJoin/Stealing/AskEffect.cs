namespace Grid.Kernel.ForkJoin.Stealing;

/// <summary>Ask a peer for work.</summary>
/// <param name="To">Whom.</param>
/// <param name="Number">The number of the request, which the answer repeats.</param>
/// <param name="IsLifeline">Whether the peer is to send work later when it has none now.</param>
internal readonly record struct AskEffect(NodeKey To, long Number, bool IsLifeline);
