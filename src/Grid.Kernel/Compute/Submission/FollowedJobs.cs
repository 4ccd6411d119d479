using System.Buffers.Binary;
using System.Collections.Concurrent;
using Grid.Kernel.Compute.Wire;
using Grid.Messaging;

namespace Grid.Kernel.Compute.Submission;

/// <summary>The jobs of this process that somebody follows, and what nodes tell of jobs while they run.</summary>
internal sealed class FollowedJobs : IMessageHandler
{
    private readonly ConcurrentDictionary<long, JobCall> _calls = new();

    /// <summary>All that are followed and have not ended.</summary>
    public IEnumerable<JobCall> All => _calls.Values;

    /// <summary>Notes a job that starts, if it is followed.</summary>
    public void Add(JobCall call)
    {
        if (call.Noticed is not null)
        {
            _calls.TryAdd(call.Id.Number, call);
        }
    }

    /// <summary>Forgets a job that has ended, if it was followed.</summary>
    public void Remove(JobCall call)
    {
        if (call.Noticed is not null)
        {
            _calls.TryRemove(call.Id.Number, out _);
        }
    }

    /// <inheritdoc/>
    public void OnMessage(Peer from, in IncomingMessage message)
    {
        if (message.Kind == MessageKinds.Running)
        {
            OnRunning(from, message.Payload);
        }
        else if (message.Kind == MessageKinds.Log)
        {
            if (JobLogNotice.TryRead(message.Payload, out var line) && _calls.TryGetValue(line.Number, out var logging))
            {
                logging.Logged?.Invoke(line.Line);
            }
        }
        else if (JobNotice.TryRead(message.Payload, out var notice) && _calls.TryGetValue(notice.Number, out var call))
        {
            call.OnNotice(notice);
        }
    }

    private static void OnRunning(Peer from, ReadOnlySpan<byte> requests)
    {
        for (; requests.Length >= sizeof(long); requests = requests[sizeof(long)..])
        {
            var requestId = BinaryPrimitives.ReadInt64LittleEndian(requests);
            (from.FindPending(requestId) as JobCall)?.OnRunning(requestId);
        }
    }
}
