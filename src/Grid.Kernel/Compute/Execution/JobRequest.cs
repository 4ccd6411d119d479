using System.Diagnostics;
using Grid.Kernel.Compute.Wire;
using Grid.Messaging;

namespace Grid.Kernel.Compute.Execution;

/// <summary>What a submitter asked for: the header, the bytes and the way back. Owned by one <see cref="JobRun"/>.</summary>
internal sealed class JobRequest
{
    private readonly MessageBuffer _payload;

    public JobRequest(NodeKey submitter, JobHeader header, MessageBuffer payload, IJobReplies replies, long requestId)
    {
        Submitter = submitter;
        Header = header;
        _payload = payload;
        Replies = replies;
        RequestId = requestId;
    }

    public NodeKey Submitter { get; }

    public JobHeader Header { get; }

    public IJobReplies Replies { get; }

    /// <summary>What <see cref="Replies"/> needs to address the answer.</summary>
    public long RequestId { get; }

    /// <summary>The submitter's activity; the default value when it had none.</summary>
    public ActivityContext Trace { get; init; }

    /// <summary>When the submitter stops waiting, on this node's monotonic clock; null without a limit.</summary>
    public long? DeadlineTimestamp { get; init; }

    public ReadOnlySpan<byte> Delegate => _payload.WrittenSpan.Slice(JobHeader.Size, Header.DelegateBytes);

    public ReadOnlySpan<byte> Argument => _payload.WrittenSpan[(JobHeader.Size + Header.DelegateBytes)..];

    /// <summary>Gives the bytes back; after this neither of the two spans may be read.</summary>
    public void ReleasePayload() => _payload.Dispose();
}
