using Grid.Kernel.Gossip;
using Grid.Kernel.Tests.Membership;

namespace Grid.Kernel.Tests.Gossip;

[Collection(nameof(ThreadPoolCollection))]
public sealed class GossipServiceTests
{
    private const int Blockers = 2_000; // More than the pool adds threads for while the test runs.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly GossipOptions Quick = new() { Period = TimeSpan.FromMilliseconds(100) };

    [Fact]
    public async Task Workers_and_clients_learn_what_every_worker_measures()
    {
        await using var rig = await GossipRig.StartAsync(3, withClient: true, Quick);

        var areKnown = await OnOwnThreadAsync(() => Enumerable.Range(0, 4).All(rig.WaitUntilKnown));

        Assert.True(areKnown, string.Join("; ", rig.Services.SelectMany((service, at) => service.View.All.Select(reading => $"{at} of {reading.Node.Name}: {reading.Freshness}"))));
        var metrics = rig.Services[3].View.Find(rig.Nodes[0].Id)!.Metrics!;
        Assert.InRange(metrics.Processors!.Value, 0.01, Environment.ProcessorCount);
        Assert.InRange(metrics.MemoryAvailableBytes!.Value, 1, metrics.MemoryLimitBytes!.Value);
        Assert.InRange(metrics.HeapBytes!.Value, 1, metrics.MemoryLimitBytes.Value);
        Assert.NotNull(metrics.BytesIn);
        Assert.Null(metrics.JobsActive);
        Assert.Null(rig.Services[0].View.Find(new NodeId(1000)));
    }

    [Fact]
    public async Task Metrics_travel_and_show_the_trouble_while_user_code_blocks_the_whole_thread_pool()
    {
        await using var rig = await GossipRig.StartAsync(2, withClient: false, Quick);
        using var release = new ManualResetEventSlim();
        var outcome = await OnOwnThreadAsync(() =>
        {
            // Queued from a foreign thread these are served in order: the probe after all blockers have begun.
            var blockers = Enumerable.Range(0, Blockers).Select(_ => Task.Run(() => release.Wait(Patience))).ToArray();
            var probe = Task.Run(() => { });
            var isShown = WaitUntilShown(rig, reading => reading.Metrics is { ThreadPoolDelayMs: > 300, ThreadPoolPending: > 0 });
            var wasBlocked = !probe.IsCompleted;
            release.Set();
            return (IsShown: isShown, WasBlocked: wasBlocked, Released: Task.WhenAll([.. blockers, probe]));
        });

        await outcome.Released.WaitAsync(Patience);
        Assert.True(outcome.WasBlocked, "The pool was free: the test shows nothing.");
        Assert.True(outcome.IsShown, $"{rig.Services[0].View.Find(rig.Nodes[1].Id)}");
    }

    private static bool WaitUntilShown(GossipRig rig, Func<NodeMetricsReading, bool> condition)
    {
        using var shown = new ManualResetEventSlim();
        rig.Services[0].Published = () =>
        {
            if (condition(rig.Services[0].View.Find(rig.Nodes[1].Id)!))
            {
                shown.Set();
            }
        };
        var isShown = shown.Wait(Patience);
        rig.Services[0].Published = null;
        return isShown;
    }

    private static async Task<T> OnOwnThreadAsync<T>(Func<T> function) =>
        await Task.Factory.StartNew(function, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
}
