using System.Globalization;
using Grid.Kernel.ForkJoin;
using Grid.Kernel.Tests.Compute;

namespace Grid.Kernel.Tests.ForkJoin;

/// <summary>
/// Random computations over several nodes with failures, cancellations, kills and joins, each with its seed. GRID_FORKJOIN_SPREADS says how many rounds, GRID_FORKJOIN_SEED which comes first.
/// </summary>
[Trait("Lane", "loopback")]
public sealed class SpreadStressTests
{
    private static readonly TimeSpan HangGuard = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task No_part_is_lost_or_counted_twice_whatever_happens_to_the_nodes()
    {
        var first = FromEnvironment("GRID_FORKJOIN_SEED", 1);
        var rounds = FromEnvironment("GRID_FORKJOIN_SPREADS", 100);
        var stolen = 0L;
        for (var seed = first; seed < first + rounds; seed++)
        {
            stolen += await RunRoundAsync(seed);
        }

        Assert.True(stolen > rounds, $"only {stolen} tasks were stolen in {rounds} rounds: the test shows nothing");
    }

    private static async Task<long> RunRoundAsync(int seed)
    {
        var random = new Random(seed);
        await using var cluster = await TestCluster.StartAsync(random.Next(2, 5), random.Next(1, 3), new TestClusterOptions { Seed = seed, ForkJoin = new ForkJoinOptions { AnnounceAfter = TimeSpan.Zero } });
        using var cancellation = new CancellationTokenSource();
        var name = Gate.NewName();
        var root = new RandomSpread(seed, 0, 0, name);
        var expected = root.Expected();
        var happening = random.Next(4);
        var at = random.Next(1, 200);
        using var watch = RandomSpread.Watch(name, at);

        var run = OutcomeOfAsync(cluster, root, cancellation.Token);
        await Task.WhenAny(run, watch.Reached);
        await (happening switch
        {
            0 => cancellation.CancelAsync(),
            1 => cluster.Workers[random.Next(cluster.Workers.Count)].KillAsync(),
            2 => cluster.AddAsync(),
            _ => Task.CompletedTask,
        });

        var (value, exception) = await run;
        var state = string.Create(
            CultureInfo.InvariantCulture, $"seed {seed}, happening {happening} at {at}: {value?.ToString(CultureInfo.InvariantCulture) ?? exception?.ToString()}, expected {expected?.ToString(CultureInfo.InvariantCulture) ?? "a failure"}");
        Assert.True(exception is OperationCanceledException ? cancellation.IsCancellationRequested : value == expected && exception is null or FormatException, state);
        return cluster.Workers.Sum(worker => worker.ForkJoin.Metrics.Stolen);
    }

    private static async Task<(long? Value, Exception? Exception)> OutcomeOfAsync(TestCluster cluster, RandomSpread root, CancellationToken ct)
    {
        try
        {
            return (await cluster.Client.InvokeAsync(root, ct).WaitAsync(HangGuard, CancellationToken.None), null);
        }
        catch (Exception exception) when (exception is FormatException or OperationCanceledException)
        {
            return (null, exception);
        }
    }

    private static int FromEnvironment(string name, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : otherwise;
}
