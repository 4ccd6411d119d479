using System.Runtime.CompilerServices;
using Grid.Kernel.Compute.Wire;

namespace Grid.Kernel.Compute.Submission;

/// <summary>What the caller holds of a submitted job.</summary>
internal sealed class JobHandle<TResult> : IJobHandle<TResult>
{
    private readonly JobCall<TResult> _call;
    private readonly Lock _gate = new();

    // Under the gate; written by link threads, read by everybody who follows the progress.
    private JobProgress? _latest;
    private long _reports;
    private bool _isRunning;
    private TaskCompletionSource _news = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public JobHandle(JobCall<TResult> call)
    {
        _call = call;
        call.Noticed = OnNotice;
    }

    public JobId Id => _call.Id;

    public NodeInfo? Node => _call.Node;

    public Task<TResult> Completion => _call.Task;

    public JobStatus Status => Completion.Status switch
    {
        TaskStatus.RanToCompletion => JobStatus.Succeeded,
        TaskStatus.Canceled => JobStatus.Cancelled,
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

    public void Cancel() => _call.GiveUp(new CancellationToken(true));

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
