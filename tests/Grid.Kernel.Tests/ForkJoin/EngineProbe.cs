using Grid.Kernel.ForkJoin;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Grid.Kernel.Tests.ForkJoin;

/// <summary>An engine with threads of its own and no node round it.</summary>
internal sealed class EngineProbe : IDisposable
{
    private static readonly TimeSpan HangGuard = TimeSpan.FromSeconds(60);
    private readonly ForkJoinEngine _engine;

    public EngineProbe(int slots = 4, int seed = 1, ForkJoinOptions? options = null)
    {
        Metrics = new ForkJoinMetrics(null);
        _engine = new ForkJoinEngine(options ?? new ForkJoinOptions(), new Random(seed), Metrics);
        Lanes = new LaneThreads(_engine, slots);
    }

    public LaneThreads Lanes { get; }

    public ForkJoinMetrics Metrics { get; }

    /// <summary>Runs a computation on a thread of its own.</summary>
    public async Task<TResult> RunAsync<TResult>(ForkJoinTask<TResult> root, CancellationToken ct = default)
    {
        var completion = new TaskCompletionSource<TResult>(TaskCreationOptions.RunContinuationsAsynchronously);
        Lanes.Start(() =>
        {
            try
            {
                completion.SetResult(_engine.Run(root, new Context(ct)));
            }
            catch (Exception exception)
            {
                completion.SetException(exception);
            }
        });
        return await completion.Task.WaitAsync(HangGuard, CancellationToken.None);
    }

    public void Dispose()
    {
        Lanes.Dispose();
        Metrics.Dispose();
    }

    private sealed class Context(CancellationToken ct) : IJobContext, IServiceProvider
    {
        public JobId JobId => default;

        public int Attempt => 1;

        public JobFence Fence => default;

        public NodeInfo Node => throw new NotSupportedException("There is no node here.");

        public IGrid Grid => throw new NotSupportedException("There is no grid here.");

        public CancellationToken CancellationToken => ct;

        public TimeSpan? Remaining => null;

        public DateTimeOffset? Deadline => null;

        public IProgress<JobProgress> Progress { get; } = new Progress<JobProgress>();

        public IJobCheckpoints Checkpoints => throw new NotSupportedException("These computations save nothing.");

        public IServiceProvider Services => this;

        public ILogger Logger => NullLogger.Instance;

        public object? GetService(Type serviceType) => null;
    }
}
