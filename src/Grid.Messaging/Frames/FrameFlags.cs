namespace Grid.Messaging.Frames;

/// <summary>What precedes the payload inside a frame.</summary>
[Flags]
internal enum FrameFlags : byte
{
    None = 0,

    /// <summary>25 bytes of W3C trace context come first: trace id, span id, flags.</summary>
    HasTrace = 1,

    /// <summary>The message goes on in further pieces; its whole length (4 bytes) comes before the first one.</summary>
    IsFirstPiece = 2,
}
