using System.Diagnostics;
using Grid.Hosting;
using Grid.Samples.WordCount;

namespace Grid.Benchmarks.WordCounts;

/// <summary>Suite <c>wordcount</c>: the sample's job on local grids, beside one thread that counts the same chunks without a grid.</summary>
internal static class WordCountSuite
{
    private const int ChunkBytes = 128 * 1024;
    private const int Rounds = 9;

    public static async Task<int> RunAsync()
    {
        var chunks = new List<byte[]>();
        await foreach (var chunk in InputText.Find([Path.Combine(AppContext.BaseDirectory, "kjv.txt")]).ReadChunksAsync(ChunkBytes, CancellationToken.None))
        {
            chunks.Add(chunk);
        }

        var (floor, words) = await MedianAsync(() => Task.FromResult(CountHere(chunks)));
        var report = new Report($"Word count: {words:N0} words in {chunks.Count} chunks, median of {Rounds} runs")
            .Add("one thread, no grid", floor, "words/s");
        foreach (var nodes in (int[])[1, 2, 3])
        {
            await using var local = await LocalGrid.StartAsync(nodes);
            var (rate, counted) = await MedianAsync(() => CountOnAsync(local.Client, chunks));
            if (counted != words)
            {
                throw new InvalidOperationException($"{nodes} nodes counted {counted} words, one thread {words}.");
            }

            report.Add($"grid of {nodes}, to one thread", new Report.Figure(rate, "words/s"), new Report.Figure(floor, "words/s"));
        }

        return report.Print();
    }

    private static long CountHere(List<byte[]> chunks)
    {
        var total = new Dictionary<string, long>(StringComparer.Ordinal);
        chunks.ForEach(chunk => WordTally.Add(total, WordTally.Count(chunk)));
        return total.Values.Sum();
    }

    private static async Task<long> CountOnAsync(INodeGroup grid, List<byte[]> chunks)
    {
        var total = await grid.MapReduceAsync(
            chunks,
            WordTally.CountHere,
            new Dictionary<string, long>(StringComparer.Ordinal),
            static (all, chunk) =>
            {
                WordTally.Add(all, chunk.Counts);
                return all;
            });
        return total.Values.Sum();
    }

    private static async Task<(double PerSecond, long Words)> MedianAsync(Func<Task<long>> count)
    {
        var words = await count();
        var rates = new List<double>();
        for (var round = 0; round < Rounds; round++)
        {
            var clock = Stopwatch.StartNew();
            words = await count();
            rates.Add(words / clock.Elapsed.TotalSeconds);
        }

        rates.Sort();
        return (rates[Rounds / 2], words);
    }
}
