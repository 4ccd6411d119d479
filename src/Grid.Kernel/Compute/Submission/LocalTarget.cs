using Grid.Kernel.Compute.Execution;
using Grid.Kernel.Compute.Wire;
using Grid.Messaging;

namespace Grid.Kernel.Compute.Submission;

/// <summary>
/// The submitter's own node: the same bytes and the same admission as for any other, without a link in between.
/// </summary>
internal sealed class LocalTarget(NodeInfo node, JobHost host, RequestReader reader) : JobTarget(node)
{
    public override long Request(ReadOnlySpan<byte> request, JobCall reply)
    {
        var copy = new MessageBuffer(request.Length);
        request.CopyTo(copy.GetSpan(request.Length));
        copy.Advance(request.Length);
        if (reader.TryRead(Node.Key, copy, new LocalReplies(reply), out var parsed))
        {
            host.Accept(parsed);
        }

        return 0;
    }

    public override void Abandon(long requestId, ReadOnlySpan<byte> notice)
    {
        if (JobNotice.TryRead(notice, out var parsed))
        {
            host.Cancel(new JobKey(Node.Key, parsed.Number, parsed.Attempt));
        }
    }

    private sealed class LocalReplies(JobCall call) : IJobReplies
    {
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
    }
}
