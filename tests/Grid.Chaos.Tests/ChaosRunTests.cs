using System.Globalization;
using Grid.Chaos.Site;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit.Abstractions;

namespace Grid.Chaos.Tests;

/// <summary>
/// The run itself, short: real workers, a real ZooKeeper ensemble, everything that can go wrong. GRID_CHAOS_SECONDS sets how long faults happen (default 40), GRID_CHAOS_SEED the seed.
/// </summary>
[Trait("Lane", "processes")]
public sealed class ChaosRunTests(ITestOutputHelper output)
{
    [SkippableFact]
    public async Task No_task_is_lost_done_twice_or_wrong_while_workers_and_servers_come_and_go()
    {
        var reason = ChaosSite.Absence();
        Assert.False(reason is not null && string.Equals(Environment.GetEnvironmentVariable("CI"), "true", StringComparison.OrdinalIgnoreCase), $"This lane needs servers: {reason}.");
        Skip.If(reason is not null, reason);
        var options = new ChaosOptions { Seed = Setting("GRID_CHAOS_SEED", 20261121), Length = TimeSpan.FromSeconds(Setting("GRID_CHAOS_SECONDS", 40)) };

        var report = await new ChaosRun(options, TimeProvider.System, NullLogger.Instance).RunAsync(CancellationToken.None);

        var text = new StringWriter(CultureInfo.InvariantCulture);
        report.WriteTo(text);
        output.WriteLine(text.ToString());
        Assert.True(report.IsGood, text.ToString());
        Assert.NotEmpty(report.Plan);
        Assert.True(report.Verdict.Repeated > 0, "No job ran twice, so the run shows nothing.");
    }

    private static int Setting(string name, int fallback) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : fallback;
}
