using System.Globalization;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Grid.Kernel.Compute.Wire;
using Microsoft.Extensions.Logging;

namespace Grid.Kernel.Compute.Submission;

/// <summary>What the caller holds of a submitted job.</summary>
internal sealed class JobHandle<TResult> : IJobHandle<TResult>
{
    private const int LinesMax = 1000;

    private readonly JobCall<TResult> _call;
    private readonly Lock _gate = new();
    private readonly Channel<JobLogLine> _lines;
    private int _linesLost; // Counted by link threads, taken by the reader.

    // Under the gate; written by link threads, read by everybody who follows the progress.
    private JobProgress? _latest;
    private long _reports;
    private bool _isRunning;
    private TaskCompletionSource _news = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public JobHandle(JobCall<TResult> call)
    {
        _call = call;
        var bound = new BoundedChannelOptions(LinesMax) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true };
        _lines = Channel.CreateBounded<JobLogLine>(bound, _ => Interlocked.Increment(ref _linesLost));
        call.Noticed = OnNotice;
        call.Logged = OnLogged;
    }

    public JobId Id => _call.Id;

    public NodeInfo? Node => _call.Node;

    public Task<TResult> Completion => _call.Task;

    public JobStatus Status => Completion.Status switch
    {
        TaskStatus.RanToCompletion => JobStatus.Succeeded,
        TaskStatus.Canceled => JobStatus.Cancelled,
        TaskStatus.Faulted when Completion.Exception?.InnerException is OperationCanceledException => JobStatus.Cancelled,
        TaskStatus.Faulted => JobStatus.Failed,
        _ => IsRunning ? JobStatus.Running : JobStatus.Waiting,
    };

    private bool IsRunning
    {
        get
        {
            lock (_gate)
            {
                return _isRunning;
            }
        }
    }

    public async IAsyncEnumerable<JobProgress> ProgressAsync([EnumeratorCancellation] CancellationToken ct = default)
    {
        var seen = 0L;
        while (true)
        {
            // Looked at before the latest report is: the last report comes before the end.
            var hasEnded = Completion.IsCompleted;
            var (latest, reports, news) = Look();
            if (latest is { } progress && reports != seen)
            {
                seen = reports;
                yield return progress;
            }
            else if (hasEnded)
            {
                yield break;
            }
            else
            {
                await Task.WhenAny(news, Completion).WaitAsync(ct).ConfigureAwait(false);
            }
        }
    }

    public async IAsyncEnumerable<JobLogLine> LogAsync([EnumeratorCancellation] CancellationToken ct = default)
    {
        // A line that is there when the job has ended was written before: the last look is after the end.
        for (var hasEnded = false; ; hasEnded = Completion.IsCompleted)
        {
            while (_lines.Reader.TryRead(out var line))
            {
                if (Interlocked.Exchange(ref _linesLost, 0) is > 0 and var lost)
                {
                    yield return new JobLogLine(LogLevel.Warning, string.Create(CultureInfo.InvariantCulture, $"{lost} lines were lost here: they were not read as fast as they came."));
                }

                yield return line;
            }

            if (hasEnded)
            {
                yield break;
            }

            await Task.WhenAny(_lines.Reader.WaitToReadAsync(ct).AsTask(), Completion).WaitAsync(ct).ConfigureAwait(false);
        }
    }

    public void Cancel() => _call.GiveUp(new CancellationToken(true));

    private void OnLogged(JobLogLine line) => _lines.Writer.TryWrite(line);

    private (JobProgress? Latest, long Reports, Task News) Look()
    {
        lock (_gate)
        {
            return (_latest, _reports, _news.Task);
        }
    }

    private void OnNotice(JobNotice notice)
    {
        TaskCompletionSource news;
        lock (_gate)
        {
            _isRunning = true;
            if (notice.Progress is { } progress)
            {
                _latest = progress;
                _reports++;
            }

            (news, _news) = (_news, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        }

        news.TrySetResult();
    }
}
