using Grid.Kernel.Compute.Wire;
using Grid.Kernel.Deployment.Loading;
using Grid.Messaging;

namespace Grid.Kernel.Compute.Execution;

/// <summary>What a submitter asked for: the header, the bytes and the way back. Owned by one <see cref="JobRun"/>.</summary>
internal sealed class JobRequest
{
    private readonly MessageBuffer _payload;

    public JobRequest(RequestSource source, JobHeader header, MessageBuffer payload)
    {
        Source = source;
        Header = header;
        _payload = payload;
    }

    public RequestSource Source { get; }

    public NodeKey Submitter => Source.Submitter;

    public JobHeader Header { get; }

    public IJobReplies Replies => Source.Replies;

    /// <summary>When the submitter stops waiting, on this node's monotonic clock; null without a limit.</summary>
    public long? DeadlineTimestamp { get; init; }

    /// <summary>The job's name, and which of its log lines the submitter wants.</summary>
    public JobTrailer Trailer { get; init; } = JobTrailer.None;

    /// <summary>How many bytes the trailer takes at the end of the request.</summary>
    public int TrailerBytes { get; init; }

    public ReadOnlySpan<byte> Delegate => _payload.WrittenSpan.Slice(JobHeader.Size, Header.DelegateBytes);

    public ReadOnlySpan<byte> Argument => _payload.WrittenSpan[(JobHeader.Size + Header.DelegateBytes)..^TrailerBytes];

    /// <summary>The code that it needs.</summary>
    public CodeNeed Code => new(Header.Code, Header.Isolation, Submitter, Header.Call);

    /// <summary>Gives the bytes back; after this neither of the two spans may be read.</summary>
    public void ReleasePayload() => _payload.Dispose();
}
