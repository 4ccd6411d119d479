namespace Grid.Messaging;

/// <summary>What a messenger has exchanged with its peers since it was made, frame headers included, transport headers and handshakes not.</summary>
/// <param name="FramesIn">Frames received.</param>
/// <param name="FramesOut">Frames sent.</param>
/// <param name="BytesIn">Bytes received.</param>
/// <param name="BytesOut">Bytes sent.</param>
public readonly record struct TrafficCounts(long FramesIn, long FramesOut, long BytesIn, long BytesOut);
