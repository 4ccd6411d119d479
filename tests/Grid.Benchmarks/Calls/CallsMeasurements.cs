using System.Diagnostics;
using System.Globalization;
using Grid.Benchmarks.Floor;

namespace Grid.Benchmarks.Calls;

/// <summary>Measures closures between a client process and one worker process.</summary>
internal sealed class CallsMeasurements(IGrid grid, PeerProcess worker, double seconds)
{
    public Task<double> RoundTripAsync() =>
        Sampling.MedianMicrosecondsAsync(seconds, async () => await grid.CallAsync(static () => 1));

    /// <summary>No-op closures by callers that each wait for their own, and what a call allocates on each side.</summary>
    public async Task<(double PerSecond, double AllocatedHere, double AllocatedThere)> RateAsync(int callers)
    {
        await RunAsync(callers, seconds / 2, static grid => grid.CallAsync(static () => 1));
        var here = GC.GetTotalAllocatedBytes(precise: true);
        var there = await AllocatedThereAsync();
        var (calls, perSecond) = await RunAsync(callers, seconds, static grid => grid.CallAsync(static () => 1));
        here = GC.GetTotalAllocatedBytes(precise: true) - here;
        there = await AllocatedThereAsync() - there;
        return (perSecond, (double)here / calls, (double)there / calls);
    }

    /// <summary>Calls with an argument of 1 MiB, a few at a time.</summary>
    public async Task<double> MebibytesPerSecondAsync(int callers)
    {
        await RunAsync(callers, seconds / 2, SendLarge);
        return (await RunAsync(callers, seconds, SendLarge)).PerSecond;
    }

    private static Task<int> SendLarge(IGrid grid) => grid.CallAsync(static bytes => bytes.Length, Large.Bytes);

    private async Task<(long Calls, double PerSecond)> RunAsync(int callers, double duration, Func<IGrid, Task<int>> call)
    {
        var clock = Stopwatch.StartNew();
        var counts = await Task.WhenAll(Enumerable.Range(0, callers).Select(_ => Task.Run(async () =>
        {
            var count = 0L;
            for (; clock.Elapsed.TotalSeconds < duration; count++)
            {
                await call(grid);
            }

            return count;
        })));
        return (counts.Sum(), counts.Sum() / clock.Elapsed.TotalSeconds);
    }

    private async Task<long> AllocatedThereAsync() => long.Parse(await worker.AskAsync("allocated"), CultureInfo.InvariantCulture);

    private static class Large
    {
        public static readonly byte[] Bytes = new byte[FloorMeasurements.LargeBytes];
    }
}
