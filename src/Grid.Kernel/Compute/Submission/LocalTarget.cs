using Grid.Kernel.Compute.Execution;
using Grid.Kernel.Compute.Wire;
using Grid.Messaging;

namespace Grid.Kernel.Compute.Submission;

/// <summary>
/// The submitter's own node: the same bytes and the same admission as for any other, without a link in between.
/// </summary>
internal sealed class LocalTarget(NodeInfo node, JobHost host, RequestReader reader) : JobTarget(node)
{
    public override long Request(MessageBuffer request, JobCall call, IReplyHandler reply)
    {
        var copy = new MessageBuffer(request.WrittenBytes);
        request.WrittenSpan.CopyTo(copy.GetSpan(request.WrittenBytes));
        copy.Advance(request.WrittenBytes);
        if (reader.TryRead(new RequestSource(Node.Key, new LocalReplies(Node.Name, call)), copy, out var parsed))
        {
            host.Accept(parsed);
        }

        return 0;
    }

    public override void Abandon(long requestId, ReadOnlySpan<byte> notice) => Cancel(notice);

    public override void Cancel(ReadOnlySpan<byte> notice)
    {
        if (JobNotice.TryRead(notice, out var parsed))
        {
            host.Cancellation.Cancel(new JobKey(Node.Key, parsed.Number, parsed.Attempt));
        }
    }

    private sealed class LocalReplies(string submitter, JobCall call) : IJobReplies
    {
        public string Submitter => submitter;

        public bool Reply(long requestId, ReadOnlySpan<byte> reply)
        {
            call.TakeReply(reply);
            return true;
        }

        public void Notify(ReadOnlySpan<byte> notice)
        {
            if (JobNotice.TryRead(notice, out var parsed))
            {
                call.OnNotice(parsed);
            }
        }

        public void Announce(ReadOnlySpan<byte> requests)
        {
            // A node is not out of its own reach.
        }

        public void Log(ReadOnlySpan<byte> line)
        {
            if (JobLogNotice.TryRead(line, out var parsed))
            {
                call.Logged?.Invoke(parsed.Line);
            }
        }
    }
}
