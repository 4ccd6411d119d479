using System.Diagnostics;
using Grid.ZooKeeper;

namespace Grid.Benchmarks.ZooKeeper;

/// <summary>Grid's client, used as users do: as many asynchronous loops as requests shall be in flight.</summary>
internal sealed class GridLoad(ZooKeeperClient client)
{
    private static readonly byte[] Data = new byte[Load.DataBytes];

    public async Task<Measurement> RunAsync(Load load)
    {
        var times = load.InFlight == 1 ? new double[load.Operations] : [];
        var cost = new CostMeter();
        if (times.Length > 0)
        {
            await LoopAsync(load, load.Operations, times);
        }
        else
        {
            await Task.WhenAll(Enumerable.Range(0, load.InFlight).Select(_ => LoopAsync(load, load.Operations / load.InFlight, times)));
        }

        Array.Sort(times);
        return cost.Stop(load.Operations / load.InFlight * load.InFlight, times.Length > 0 ? times[times.Length / 2] : 0);
    }

    private async Task LoopAsync(Load load, int operations, double[] times)
    {
        for (var i = 0; i < operations; i++)
        {
            var start = Stopwatch.GetTimestamp();
            if (load.IsWrite)
            {
                await client.SetDataAsync(Load.Path, Data).ConfigureAwait(false);
            }
            else
            {
                await client.GetDataAsync(Load.Path).ConfigureAwait(false);
            }

            if (times.Length > 0)
            {
                times[i] = Stopwatch.GetElapsedTime(start).TotalMicroseconds;
            }
        }
    }
}
