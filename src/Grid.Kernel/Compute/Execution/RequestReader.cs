using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using Grid.Kernel.Compute.Wire;
using Grid.Messaging;
using Microsoft.Extensions.Logging;

namespace Grid.Kernel.Compute.Execution;

/// <summary>Turns the bytes of an <see cref="MessageKinds.Execute"/> message into a request; refuses what is not one.</summary>
internal sealed class RequestReader(TimeProvider time, ILogger logger)
{
    /// <summary>Reads a request. The payload belongs to the request afterwards, or is disposed when there is none.</summary>
    public bool TryRead(NodeKey submitter, MessageBuffer payload, IJobReplies replies, [NotNullWhen(true)] out JobRequest? request, long requestId = 0, ActivityContext trace = default)
    {
        if (!JobHeader.TryRead(payload.WrittenSpan, out var header))
        {
            const string Reason = "its header is malformed or of another version";
            ComputeLog.RequestMalformed(logger, submitter, Reason);
            payload.Dispose();
            replies.Reply(requestId, JobReply.OfReason(ReplyStatus.Unreadable, 0, Reason));
            request = null;
            return false;
        }

        request = new JobRequest(submitter, header, payload, replies, requestId)
        {
            Trace = trace,
            DeadlineTimestamp = header.RemainingMs < 0 ? null : time.GetTimestamp() + (header.RemainingMs * time.TimestampFrequency / 1000),
        };
        return true;
    }
}
