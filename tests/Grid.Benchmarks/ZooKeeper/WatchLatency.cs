using System.Diagnostics;
using Grid.ZooKeeper;

namespace Grid.Benchmarks.ZooKeeper;

/// <summary>From the call that changes a node to the event at another client, and to the writer's own answer.</summary>
internal static class WatchLatency
{
    public static async Task<(double Event, double Answer)> RunAsync(ZooKeeperClient writer, ZooKeeperClient watching, int changes)
    {
        using var watcher = watching.CreateWatcher();
        var events = new double[changes];
        var answers = new double[changes];
        for (var i = 0; i < changes; i++)
        {
            await watching.GetDataAsync(Load.Path, watcher);
            var start = Stopwatch.GetTimestamp();
            var write = TimedAsync(writer, start);
            await watcher.Events.ReadAsync();
            events[i] = Stopwatch.GetElapsedTime(start).TotalMicroseconds;
            answers[i] = await write;
        }

        Array.Sort(events);
        Array.Sort(answers);
        return (events[changes / 2], answers[changes / 2]);
    }

    private static async Task<double> TimedAsync(ZooKeeperClient writer, long start)
    {
        await writer.SetDataAsync(Load.Path, new byte[Load.DataBytes]).ConfigureAwait(false);
        return Stopwatch.GetElapsedTime(start).TotalMicroseconds;
    }
}
