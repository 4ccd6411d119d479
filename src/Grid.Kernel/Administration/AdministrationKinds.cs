namespace Grid.Kernel.Administration;

/// <summary>The kinds of message that operators send. The numbers are part of the wire format.</summary>
internal static class AdministrationKinds
{
    /// <summary>Request without a body: what is on the node. Answered with a <see cref="NodeReport"/> as JSON.</summary>
    public const byte Report = 40;

    /// <summary>Request with a <see cref="CancelRequest"/>: cancel a job in its submitter's stead. Answered with one byte: how many attempts of it were here, at most 255.</summary>
    public const byte Cancel = 41;

    /// <summary>Request without a body: is somebody there? Answered with an empty body.</summary>
    public const byte Presence = 42;

    /// <summary>Request with a <see cref="DrainRequest"/>: take no new jobs, stop, or take jobs again. Answered with a <see cref="DrainAnswer"/> when the registry knows.</summary>
    public const byte Drain = 43;

    /// <summary>Request with how many events are wanted at most (4 bytes, little-endian; without them all): the latest of the flight recorder. Answered with a list of <see cref="NodeEvent"/> as JSON, the oldest first.</summary>
    public const byte Events = 44;

    /// <summary>Request with an <see cref="ExplainRequest"/>: what is known of a job. Answered with a <see cref="JobExplanation"/> as JSON.</summary>
    public const byte Explain = 45;
}
