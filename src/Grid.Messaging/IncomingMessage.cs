using System.Diagnostics;

namespace Grid.Messaging;

/// <summary>One message as it arrives. Valid during the call that hands it over, and only there.</summary>
public readonly ref struct IncomingMessage
{
    private readonly MessageBuffer? _assembled;

    internal IncomingMessage(byte kind, Lane lane, long requestId, ReadOnlySpan<byte> payload, MessageBuffer? assembled, ActivityContext trace)
    {
        Kind = kind;
        Lane = lane;
        RequestId = requestId;
        Payload = payload;
        Trace = trace;
        _assembled = assembled;
    }

    /// <summary>What the sender passed as kind; 0 for a reply.</summary>
    public byte Kind { get; }

    /// <summary>The lane that the message came on.</summary>
    public Lane Lane { get; }

    /// <summary>What to pass to <see cref="Peer.Reply(long, Lane, ReadOnlySpan{byte})"/>, or 0 when no answer is expected.</summary>
    public long RequestId { get; }

    /// <summary>The bytes. They are overwritten when the call returns; decode them now or <see cref="TakePayload"/>.</summary>
    public ReadOnlySpan<byte> Payload { get; }

    /// <summary>The sender's activity (W3C trace context), or the default value when the sender had none.</summary>
    public ActivityContext Trace { get; }

    /// <summary>Takes the payload over, for use after the call. A large payload is handed over as it is, a small one is copied. Call it once.</summary>
    /// <returns>The payload; the caller disposes it.</returns>
    public MessageBuffer TakePayload()
    {
        if (_assembled is { IsTaken: false })
        {
            _assembled.IsTaken = true;
            return _assembled;
        }

        var copy = new MessageBuffer(Payload.Length);
        Payload.CopyTo(copy.GetSpan(Payload.Length));
        copy.Advance(Payload.Length);
        return copy;
    }
}
