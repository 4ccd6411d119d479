namespace Grid.Messaging.Frames;

/// <summary>What one write sends, and what is given back when it has been sent.</summary>
/// <param name="Bytes">Whole frames, or the part of one that follows the prefix.</param>
/// <param name="Frames">How many frames that is.</param>
/// <param name="Finished">What the write used up, or <see langword="null"/>.</param>
/// <param name="Prefix">The headers, when they may not be written in front of the bytes; valid until the next unit is taken.</param>
internal readonly record struct WriteUnit(ReadOnlyMemory<byte> Bytes, int Frames, OutgoingSegment? Finished, ReadOnlyMemory<byte> Prefix = default);
