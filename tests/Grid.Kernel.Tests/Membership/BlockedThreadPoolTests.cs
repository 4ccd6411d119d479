using Grid.Discovery.InMemory;
using Grid.Kernel.Membership;
using Microsoft.Extensions.Logging.Abstractions;
using static Grid.Kernel.Tests.Membership.Members;

namespace Grid.Kernel.Tests.Membership;

[Collection(nameof(ThreadPoolCollection))]
public sealed class BlockedThreadPoolTests : IAsyncLifetime
{
    private const int Blockers = 2_000; // More than the pool adds threads for while the test runs.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly InMemoryRegistry _registry = new();
    private readonly List<MembershipService> _services = [];

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach (var service in _services)
        {
            await service.DisposeAsync();
        }
    }

    [Fact]
    public async Task User_code_that_blocks_the_thread_pool_stops_neither_the_view_nor_the_fence_nor_the_rejoin()
    {
        var watcher = new RecordingObserver();
        var loser = new RecordingObserver();
        await JoinAsync(1, watcher);
        var lost = await JoinAsync(2, loser);
        using var release = new ManualResetEventSlim();

        var outcome = await RunOnOwnThread(() =>
        {
            // Queued from a foreign thread these are served in order: the probe after all blockers have begun.
            var blockers = Enumerable.Range(0, Blockers).Select(_ => Task.Run(() => release.Wait(Patience))).ToArray();
            var probe = Task.Run(() => { });
            using var seen = new CountdownEvent(2);
            SignalOn(loser, "rejoined n2#2 order 3", seen);
            SignalOn(watcher, "v3 Connected: Restarted n2#2", seen);
            SignalOn(watcher, "v4 Connected: Joined n2#2", seen);
            lost.Expire();
            var isSeen = seen.Wait(Patience);
            var wasBlocked = !probe.IsCompleted;
            release.Set();
            return (IsSeen: isSeen, WasBlocked: wasBlocked, Released: Task.WhenAll([.. blockers, probe]));
        });

        await outcome.Released.WaitAsync(Patience);
        Assert.True(outcome.WasBlocked, "The pool was free: the test shows nothing.");
        Assert.True(outcome.IsSeen, $"Watcher: {string.Join("; ", watcher.Events)}. Loser: {string.Join("; ", loser.Events)}");
    }

    private static void SignalOn(RecordingObserver observer, string expected, CountdownEvent seen)
    {
        var before = observer.OnEvent;
        observer.OnEvent = text =>
        {
            before(text);
            if (text == expected)
            {
                seen.Signal();
            }
        };
    }

    private static async Task<T> RunOnOwnThread<T>(Func<T> function) =>
        await Task.Factory.StartNew(function, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private async Task<InMemoryDiscovery> JoinAsync(int id, RecordingObserver observer)
    {
        var discovery = _registry.CreateDiscovery("blocked");
        var service = new MembershipService(
            discovery, new MembershipOptions { RejoinDelayBase = TimeSpan.Zero }, TimeProvider.System, new Random(id), NullLogger<MembershipService>.Instance);
        _services.Add(service);
        service.Observe(observer);
        await service.StartAsync(Node(id) with { JoinOrder = 0 }, CancellationToken.None).WaitAsync(Patience);
        return discovery;
    }
}
