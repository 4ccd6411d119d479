using System.Globalization;
using Grid.Kernel.Health;
using Grid.Messaging;
using Grid.Testing.Network;

namespace Grid.Kernel.Tests.Compute;

/// <summary>
/// Many short lives of a small grid over a network that loses, delays, reorders and cuts, with a node killed and one added: no job may be
/// lost, counted twice or hang. GRID_SIMULATION_ROUNDS and GRID_TEST_SEED change what is run.
/// </summary>
[Trait("Lane", "loopback")]
public sealed class ComputeSimulationTests
{
    private const int Items = 40;
    private static readonly TimeSpan HangGuard = TimeSpan.FromSeconds(60);

    private static int Doubled;

    [Fact]
    public Task Seeded_rounds_of_faults_lose_double_and_hang_no_job() => RunRoundsAsync(null);

    /// <summary>Every job that takes a tenth longer than half of its siblings runs twice, and still has one result.</summary>
    [Fact]
    public async Task Seeded_rounds_of_faults_with_second_attempts_lose_double_and_hang_no_job()
    {
        await RunRoundsAsync(new Speculation { Factor = 1.1, FinishedMin = 1, ExtraShare = 1, TimeMin = TimeSpan.Zero });

        Assert.True(Volatile.Read(ref Doubled) > 0, "no job ran as a second attempt: nothing was tested");
    }

    private static async Task RunRoundsAsync(Speculation? speculation)
    {
        var rounds = FromEnvironment("GRID_SIMULATION_ROUNDS", 1000);
        var first = FromEnvironment("GRID_TEST_SEED", 1);
        for (var seed = first; seed < first + rounds; seed++)
        {
            try
            {
                await RunRoundAsync(seed, speculation).WaitAsync(HangGuard);
            }
            catch (Exception exception)
            {
                Assert.Fail($"GRID_SIMULATION_ROUNDS=1 GRID_TEST_SEED={seed}: {exception}");
            }
        }
    }

    private static async Task RunRoundAsync(int seed, Speculation? speculation)
    {
        using var network = new InMemoryNetwork(new InMemoryNetworkOptions
        {
            Seed = seed,
            LatencyMax = TimeSpan.FromMilliseconds(seed % 3),
            BreakProbability = 0.01 * (seed % 4),
            ConnectFailureProbability = 0.05 * (seed % 4),
        });
        var hosts = 0;
        await using var cluster = await TestCluster.StartAsync(3, slots: 2, new TestClusterOptions
        {
            Seed = seed,
            Communication = () => network.CreateProvider($"host{++hosts}"),
            Messaging = Impatient,

            // Quicker than links are given up: jobs that wait behind a cut are taken back, and those that run answer late.
            Health = new HealthOptions { SuspectAfter = TimeSpan.FromMilliseconds(50), LookPeriod = TimeSpan.FromMilliseconds(5) },
        });
        var grid = cluster.Client.With(new JobOptions { MaxAttempts = 100, Speculate = speculation });

        var results = await grid.MapAsync(ItemsWithFaults(new Random(seed), cluster, network), static x => Triple(x));

        Assert.Equal(Enumerable.Range(0, Items).Select(x => x * 3), results);
    }

    private static int Triple(int x)
    {
        if (JobContext.Current!.Attempt > 1)
        {
            Interlocked.Increment(ref Doubled);
        }

        return x * 3;
    }

    private static MessengerOptions Impatient => new()
    {
        TickInterval = TimeSpan.FromMilliseconds(2),
        PingInterval = TimeSpan.FromMilliseconds(20),
        LinkTimeout = TimeSpan.FromMilliseconds(100),
        HandshakeTimeout = TimeSpan.FromMilliseconds(200),
        ConnectWait = TimeSpan.FromMilliseconds(300),
        BackOffFirst = TimeSpan.FromMilliseconds(1),
        BackOffMax = TimeSpan.FromMilliseconds(10),
    };

    /// <summary>The items; on the way a node is killed, one is added, and the network is cut in one direction and healed, each where chance puts it.</summary>
    private static IEnumerable<int> ItemsWithFaults(Random random, TestCluster cluster, InMemoryNetwork network)
    {
        int kill = random.Next(Items), add = random.Next(Items), cut = random.Next(Items), heal = random.Next(cut, Items);
        var (from, to) = random.Next(2) == 0 ? ("host4", $"host{random.Next(1, 4)}") : ($"host{random.Next(1, 4)}", "host4");
        var faults = new List<Task>();
        for (var item = 0; item < Items; item++)
        {
            if (item == cut)
            {
                network.Partition(from, to);
            }

            if (item == kill)
            {
                faults.Add(cluster.Workers[random.Next(3)].KillAsync());
            }

            if (item == add)
            {
                faults.Add(cluster.AddAsync(slots: 2));
            }

            yield return item;
            if (item == heal)
            {
                network.Heal(from, to);
            }
        }

        Task.WhenAll(faults).GetAwaiter().GetResult();
    }

    private static int FromEnvironment(string name, int fallback) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), NumberStyles.Integer, CultureInfo.InvariantCulture, out var value) ? value : fallback;
}
