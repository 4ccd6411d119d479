using System.Diagnostics.CodeAnalysis;
using Grid.Kernel.Compute.Wire;
using Grid.Messaging;
using Microsoft.Extensions.Logging;

namespace Grid.Kernel.Compute.Execution;

/// <summary>Turns the bytes of an <see cref="MessageKinds.Execute"/> message into a request; refuses what is not one.</summary>
internal sealed class RequestReader(TimeProvider time, ILogger logger)
{
    /// <summary>Reads a request. The payload belongs to the request afterwards, or is disposed when there is none.</summary>
    public bool TryRead(RequestSource source, MessageBuffer payload, [NotNullWhen(true)] out JobRequest? request)
    {
        if (!JobHeader.TryRead(payload.WrittenSpan, out var header))
        {
            const string Reason = "its header is malformed or of another version";
            ComputeLog.RequestMalformed(logger, source.Submitter, Reason);
            payload.Dispose();
            source.Replies.Reply(source.RequestId, JobReply.OfReason(ReplyStatus.Unreadable, 0, Reason));
            request = null;
            return false;
        }

        request = new JobRequest(source, header, payload)
        {
            DeadlineTimestamp = header.RemainingMs < 0 ? null : time.GetTimestamp() + (header.RemainingMs * time.TimestampFrequency / 1000),
        };
        return true;
    }
}
