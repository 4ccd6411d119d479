namespace Grid.Kernel.Compute.Wire;

/// <summary>The kinds of message that the compute part exchanges. The numbers are part of the wire format.</summary>
internal static class MessageKinds
{
    /// <summary>Request: run this attempt. Answered with a <see cref="ReplyStatus"/> and what belongs to it.</summary>
    public const byte Execute = 1;

    /// <summary>One-way, to the worker: the submitter no longer wants this attempt.</summary>
    public const byte Cancel = 2;

    /// <summary>One-way, to the submitter: the attempt has started, or how far it is.</summary>
    public const byte Notice = 3;

    /// <summary>Request, to the submitter: confirm that every answer so far was read. Answered with nothing.</summary>
    public const byte Farewell = 4;

    /// <summary>One-way, to the submitter: a line that the attempt has logged.</summary>
    public const byte Log = 5;

    /// <summary>One-way, to the submitter: the jobs of these requests have been running for a while. Their request ids, 8 bytes each, little-endian.</summary>
    public const byte Running = 6;
}
