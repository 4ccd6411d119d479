using Grid.Kernel.ForkJoin;
using Grid.Kernel.ForkJoin.Stealing;
using Grid.Serialization;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Grid.Kernel.Tests.ForkJoin;

/// <summary>An engine with threads of its own and no node round it.</summary>
internal sealed class EngineProbe : IDisposable
{
    /// <summary>Another node, where the computations begin that the engine takes part in, and their number there.</summary>
    public static readonly NodeKey Home = new(new NodeId(1), 1);
    public const long Number = 1;

    private static readonly TimeSpan HangGuard = TimeSpan.FromSeconds(60);
    private static readonly ComputationReach Reach = new(null, CodeIsolation.Isolated, new GridSerializer(new SerializerOptions(), new LoadedModuleCatalog()));
    private readonly ForkJoinEngine _engine;

    public EngineProbe(int slots = 4, int seed = 1, ForkJoinOptions? options = null, IStealing? stealing = null)
    {
        Metrics = new ForkJoinMetrics(null);
        _engine = new ForkJoinEngine(options ?? new ForkJoinOptions(), new Random(seed), Metrics, stealing);
        Lanes = new LaneThreads(_engine, slots);
    }

    public LaneThreads Lanes { get; }

    public ForkJoinMetrics Metrics { get; }

    /// <summary>Runs a computation on a thread of its own.</summary>
    public Task<TResult> RunAsync<TResult>(ForkJoinTask<TResult> root, CancellationToken ct = default) => OnLaneAsync(() => _engine.Run(root, new Context(ct), Reach));

    /// <summary>Takes part in a computation of another node, on a thread of its own, until it is cancelled.</summary>
    public Task ParticipateAsync(CancellationToken ct) => OnLaneAsync(() =>
    {
        _engine.Participate(new ForkJoinInvitation(Home, Number, typeof(Code<int>)), new Context(ct), Reach);
        return 0;
    });

    public void Dispose()
    {
        Lanes.Dispose();
        Metrics.Dispose();
    }

    private async Task<TResult> OnLaneAsync<TResult>(Func<TResult> run)
    {
        var completion = new TaskCompletionSource<TResult>(TaskCreationOptions.RunContinuationsAsynchronously);
        Lanes.Start(() =>
        {
            try
            {
                completion.SetResult(run());
            }
            catch (Exception exception)
            {
                completion.SetException(exception);
            }
        });
        return await completion.Task.WaitAsync(HangGuard, CancellationToken.None);
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
