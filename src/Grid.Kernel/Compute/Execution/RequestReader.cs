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
        var trailer = JobTrailer.None;
        var trailerBytes = 0;
        if (!JobHeader.TryRead(payload.WrittenSpan, out var header) || !TryReadTrailer(header, payload, out trailer, out trailerBytes))
        {
            const string Reason = "its header or trailer is malformed or of another version";
            ComputeLog.RequestMalformed(logger, source.Submitter, Reason);
            payload.Dispose();
            source.Replies.Reply(source.RequestId, JobReply.OfReason(ReplyStatus.Unreadable, 0, Reason));
            request = null;
            return false;
        }

        request = new JobRequest(source, header, payload)
        {
            DeadlineTimestamp = header.RemainingMs < 0 ? null : time.GetTimestamp() + (header.RemainingMs * time.TimestampFrequency / 1000),
            Trailer = trailer,
            TrailerBytes = trailerBytes,
        };
        return true;
    }

    private static bool TryReadTrailer(JobHeader header, MessageBuffer payload, out JobTrailer trailer, out int bytes)
    {
        (trailer, bytes) = (JobTrailer.None, 0);
        return (header.Flags & JobFlags.HasTrailer) == 0
            || JobTrailer.TryRead(payload.WrittenSpan[(JobHeader.Size + header.DelegateBytes)..], out trailer, out bytes);
    }
}
