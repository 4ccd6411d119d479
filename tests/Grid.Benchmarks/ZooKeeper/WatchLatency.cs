using System.Diagnostics;
using Grid.ZooKeeper;

namespace Grid.Benchmarks.ZooKeeper;

/// <summary>
/// From a change to the event at another client. A blocking socket writes; a client of Grid's and another blocking socket watch in turn, each alone, so that
/// they do not disturb one another. The same rounds tell what a write and a read take without a watch.
/// </summary>
internal static class WatchLatency
{
    public static async Task<WatchFigures> RunAsync(string server, ZooKeeperClient watching, int changes)
    {
        using var writer = new BareLoop(server);
        using var bare = new BareLoop(server);
        using var watcher = watching.CreateWatcher();
        List<double> writes = [], reads = [], events = [], bareEvents = [];
        for (var i = 0; i < changes; i++)
        {
            writes.Add(Timed(writer.WriteOnce));
            await watching.GetDataAsync(Load.Path, watcher);
            var atClient = AwaitEventAsync(watcher);
            reads.Add(Timed(writer.ReadOnce));
            events.Add(await ChangeAsync(writer, atClient));
            using var armed = new ManualResetEventSlim();
            var atSocket = Task.Factory.StartNew(() => AwaitEvent(bare, armed), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
            armed.Wait();
            reads.Add(Timed(writer.ReadOnce)); // Meanwhile the other thread comes to wait.
            bareEvents.Add(await ChangeAsync(writer, atSocket));
        }

        return new WatchFigures(Median(writes) - (Median(reads) / 2), Median(events), Median(bareEvents));
    }

    private static async Task<double> ChangeAsync(BareLoop writer, Task<long> seenAt)
    {
        var start = Stopwatch.GetTimestamp();
        writer.WriteOnce();
        return Stopwatch.GetElapsedTime(start, await seenAt).TotalMicroseconds;
    }

    private static async Task<long> AwaitEventAsync(Watcher watcher)
    {
        await watcher.Events.ReadAsync().ConfigureAwait(false);
        return Stopwatch.GetTimestamp();
    }

    private static long AwaitEvent(BareLoop bare, ManualResetEventSlim armed)
    {
        bare.ReadAndWatch();
        armed.Set();
        bare.AwaitEvent();
        return Stopwatch.GetTimestamp();
    }

    private static double Timed(Action action)
    {
        var start = Stopwatch.GetTimestamp();
        action();
        return Stopwatch.GetElapsedTime(start).TotalMicroseconds;
    }

    private static double Median(List<double> times)
    {
        times.Sort();
        return times[times.Count / 2];
    }
}
