using System.Globalization;
using Grid.Kernel.ForkJoin;

namespace Grid.Kernel.Tests.ForkJoin;

/// <summary>Random recursive computations with failures and cancellations, each with its seed. GRID_FORKJOIN_ROUNDS says how many, GRID_FORKJOIN_SEED which comes first.</summary>
[Trait("Lane", "pure")]
public sealed class ForkJoinStressTests
{
    [Fact]
    public async Task No_part_of_a_random_computation_is_lost_or_run_twice()
    {
        var first = FromEnvironment("GRID_FORKJOIN_SEED", 1);
        var rounds = FromEnvironment("GRID_FORKJOIN_ROUNDS", 100);
        for (var seed = first; seed < first + rounds; seed++)
        {
            await RunRoundAsync(seed);
        }
    }

    private static async Task RunRoundAsync(int seed)
    {
        var random = new Random(seed);
        var options = new ForkJoinOptions { LooksMax = random.Next(2) * 64, HelpDepthMax = random.Next(3) * 8 };
        var isCancelled = random.Next(3) == 0;
        var cancelAt = random.Next(1, 2000);
        using var cancellation = new CancellationTokenSource();
        using var probe = new EngineProbe(slots: random.Next(1, 9), seed, options);
        var visits = new TreeVisits(2 * RandomTree.NumbersMax)
        {
            Visited = total =>
            {
                if (isCancelled && total == cancelAt)
                {
                    cancellation.Cancel();
                }
            },
        };
        var root = new RandomTree(seed, 0, 0, visits);

        var expected = root.Expected();
        var (value, exception) = await OutcomeOfAsync(probe, root, cancellation.Token);

        var state = $"seed {seed}: {value?.ToString(CultureInfo.InvariantCulture) ?? exception!.ToString()}, expected {expected?.ToString(CultureInfo.InvariantCulture) ?? "a failure"}, {visits.Total} visits";
        Assert.True(!visits.RunTwice.Any(), $"{state}; run twice: {string.Join(' ', visits.RunTwice)}");
        Assert.True(exception is OperationCanceledException ? cancellation.IsCancellationRequested : value == expected && exception is null or FormatException, state);
    }

    private static async Task<(long? Value, Exception? Exception)> OutcomeOfAsync(EngineProbe probe, RandomTree root, CancellationToken ct)
    {
        try
        {
            return (await probe.RunAsync(root, ct), null);
        }
        catch (Exception exception) when (exception is FormatException or OperationCanceledException)
        {
            return (null, exception);
        }
    }

    private static int FromEnvironment(string name, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : otherwise;
}
