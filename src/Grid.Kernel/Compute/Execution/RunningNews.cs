using System.Buffers.Binary;

namespace Grid.Kernel.Compute.Execution;

/// <summary>
/// Tells submitters which of their jobs have been running for a while, so that they know what they must not move when this node falls silent. Jobs that end sooner are never named and cost
/// nothing: the jobs are looked at four times a second, and one that is seen running twice is told once.
/// </summary>
internal sealed class RunningNews(JobScheduler scheduler, TimeProvider time)
{
    private const int RequestsPerMessage = 1024;
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(250);

    // Of the one thread that calls.
    private long _lookedAt = time.GetTimestamp();

    /// <summary>Called several times a second by one thread.</summary>
    public void OnTick()
    {
        if (scheduler.Glance.Jobs == 0 || time.GetElapsedTime(_lookedAt) < Period)
        {
            return;
        }

        _lookedAt = time.GetTimestamp();
        foreach (var submitter in scheduler.Find(static run => run.TurnsToNews()).GroupBy(run => run.Request.Replies))
        {
            foreach (var runs in submitter.Chunk(RequestsPerMessage))
            {
                submitter.Key.Announce(Encode(runs));
            }
        }
    }

    private static byte[] Encode(JobRun[] runs)
    {
        var bytes = new byte[runs.Length * sizeof(long)];
        for (var i = 0; i < runs.Length; i++)
        {
            BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(i * sizeof(long)), runs[i].Request.Source.RequestId);
        }

        return bytes;
    }
}
