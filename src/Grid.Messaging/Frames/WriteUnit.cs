namespace Grid.Messaging.Frames;

/// <summary>What one write sends, and what is given back when it has been sent.</summary>
internal readonly record struct WriteUnit(ReadOnlyMemory<byte> Bytes, int Frames, OutgoingSegment? Finished);
