using System.Globalization;
using Grid.Kernel.Compute.Wire;
using Microsoft.Extensions.Logging;

namespace Grid.Kernel.Compute.Execution;

/// <summary>Sends the lines that a job logs to its submitter, at most <see cref="LinesMax"/> per <see cref="Period"/>.</summary>
internal sealed class CallerLog(JobRun run)
{
    /// <summary>How many lines go out per period; what is more stays on the node.</summary>
    public const int LinesMax = 1000;

    public static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();

    // Under the lock; written by the job's threads.
    private long? _periodStart;
    private int _sent;
    private long _lost;

    public bool IsEnabled(LogLevel level) => level >= run.Request.Trailer.Log && level < LogLevel.None;

    public void Send(LogLevel level, string text)
    {
        long lost;
        lock (_gate)
        {
            if (!HasRoomNeedsLock())
            {
                _lost++;
                return;
            }

            (lost, _lost) = (_lost, 0);
        }

        if (lost > 0)
        {
            SendLine(new JobLogLine(LogLevel.Warning, string.Create(CultureInfo.InvariantCulture, $"{lost} lines of this job were not sent: it logged more than {LinesMax} in a second.")));
        }

        SendLine(new JobLogLine(level, text));
    }

    private bool HasRoomNeedsLock()
    {
        var time = run.Host.Parts.Time;
        var now = time.GetTimestamp();
        if (_periodStart is not { } start || time.GetElapsedTime(start, now) >= Period)
        {
            _periodStart = now;
            _sent = 0;
        }

        return _sent++ < LinesMax;
    }

    private void SendLine(JobLogLine line)
    {
        if (!run.IsEnded)
        {
            run.Request.Replies.Log(new JobLogNotice(run.Key.Number, run.Key.Attempt, line).ToBytes());
        }
    }
}
