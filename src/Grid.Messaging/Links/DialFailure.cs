namespace Grid.Messaging.Links;

/// <summary>How an attempt to dial ended.</summary>
/// <param name="Error">What to tell those who wait, if they are told now.</param>
/// <param name="IsFinal">Waiting longer will not help: whoever waits is told now.</param>
/// <param name="IsPeerConnecting">The peer's own dial stands instead; its link is about to come.</param>
internal sealed record DialFailure(GridException Error, bool IsFinal, bool IsPeerConnecting);
