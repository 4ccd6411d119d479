namespace Grid.Messaging.Frames;

/// <summary>What a frame is. The numbers are the wire format: they are never reused.</summary>
internal enum FrameType : byte
{
    None = 0,
    Request = 1,
    Reply = 2,
    OneWay = 3,

    /// <summary>A further piece of the message that the last first piece on the same lane began.</summary>
    Piece = 4,
    Ping = 5,
    Pong = 6,

    /// <summary>"I have nothing under way; shall we close?"</summary>
    Close = 7,
    CloseAgreed = 8,
    CloseRefused = 9,
    StreamOpen = 10,
    StreamData = 11,

    /// <summary>The payload is the number of further bytes that the reader permits, 4 bytes.</summary>
    StreamCredit = 12,
    StreamEnd = 13,
    StreamAbort = 14,

    /// <summary>Answers a request whose kind nobody handles.</summary>
    NotHandled = 15,
}
