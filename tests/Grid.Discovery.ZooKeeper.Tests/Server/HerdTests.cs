using System.Globalization;
using Grid.ZooKeeper.Tests.Server;

namespace Grid.Discovery.ZooKeeper.Tests.Server;

/// <summary>Many members at once: GRID_HERD_MEMBERS, 2 to 250, default 50. The suite zookeeper-herd of Grid.Benchmarks takes the times.</summary>
[Trait("Lane", "server")]
public sealed class HerdTests(Standalone standalone) : IClassFixture<Standalone>
{
    private static readonly int Count = int.Parse(Environment.GetEnvironmentVariable("GRID_HERD_MEMBERS") ?? "50", CultureInfo.InvariantCulture);

    /// <summary>Not the number that is reached, but one that a member which reads each record or each change by itself would break however slow the machine is.</summary>
    private static readonly int RequestsPerMemberMax = Math.Max(16, Count);

    [SkippableFact]
    public async Task Members_that_start_and_stop_together_agree_and_ask_seldom()
    {
        var options = new ZooKeeperDiscoveryOptions
        {
            ConnectionString = Needs.Servers(standalone.Servers).ConnectString,
            Cluster = $"herd-{Guid.NewGuid():n}",
            SessionTimeout = TimeSpan.FromSeconds(30),
        };
        var members = await Task.WhenAll(Enumerable.Range(1, Count).Select(i => Task.Run(() => Watched.StartAsync(options, NodeRecords.Number((byte)i)))));
        var all = members.Select(member => member.Local!).ToArray();
        var views = await Task.WhenAll(members.Select(member => member.UntilMembersAsync(all)));

        Assert.All(views, view => Assert.True(views[0].Members.SequenceEqual(view.Members), string.Join(", ", view.Members)));
        Assert.InRange(members.Average(member => member.Discovery.RequestCount), 3, RequestsPerMemberMax);

        await Task.WhenAll(members.Skip(1).Select(member => member.Discovery.StopAsync(CancellationToken.None)));
        await members[0].UntilMembersAsync(all[0]);
        Assert.Equal(all.Skip(1).Select(node => node.Key).ToHashSet(), members[0].Seen.SelectMany(snapshot => snapshot.Departed).ToHashSet());
        await Task.WhenAll(members.Select(member => member.DisposeAsync().AsTask()));
    }
}
