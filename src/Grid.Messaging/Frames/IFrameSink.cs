using System.Diagnostics;

namespace Grid.Messaging.Frames;

/// <summary>Takes the frames of one link, in order, on its I/O thread. A live link and the protocol tests implement it.</summary>
internal interface IFrameSink
{
    /// <summary>A complete message, assembled if it came in pieces.</summary>
    /// <param name="header">The header of its (first) frame.</param>
    /// <param name="payload">Its bytes, valid during the call.</param>
    /// <param name="assembled">The buffer behind the payload when it came in pieces; the reader disposes it unless it is marked as taken.</param>
    /// <param name="trace">The trace context, or the default value.</param>
    void OnFrame(in FrameHeader header, ReadOnlySpan<byte> payload, MessageBuffer? assembled, in ActivityContext trace);
}
