using Grid.Discovery.ZooKeeper.Records;
using Grid.Spi;
using Grid.ZooKeeper;
using Grid.ZooKeeper.Tests.Server;

namespace Grid.Discovery.ZooKeeper.Tests.Server;

/// <summary>Metrics in the members' records, seen by a plain client beside the provider.</summary>
[Trait("Lane", "server")]
public sealed class MetricsRecordTests(Standalone standalone) : IClassFixture<Standalone>
{
    private readonly string _cluster = $"metrics-{Guid.NewGuid():n}";

    private string Members => $"/grid/{_cluster}/members";

    [SkippableFact]
    public async Task Metrics_are_kept_in_the_members_own_znode_and_change_neither_the_list_nor_any_view()
    {
        await using var client = await ZooKeeperClient.ConnectAsync(Needs.Servers(standalone.Servers).ConnectString);
        await using var writer = await Watched.StartAsync(Options(), NodeRecords.Number(1));
        await using var reader = await Watched.StartAsync(Options(), NodeRecords.Number(2));
        await writer.UntilMembersAsync(writer.Local!, reader.Local!);
        var before = await client.GetChildren2Async(Members);
        var requests = reader.Discovery.RequestCount;

        await writer.Discovery.WriteMetricsAsync(new byte[] { 1, 2, 3 }, CancellationToken.None);
        await writer.Discovery.WriteMetricsAsync(new byte[] { 4 }, CancellationToken.None);

        var found = Assert.Single(await reader.Discovery.ReadMetricsAsync(CancellationToken.None));
        Assert.Equal(writer.Local!.Key, found.Node);
        Assert.Equal([4], found.Metrics.ToArray());
        Assert.Equal(requests + 1, reader.Discovery.RequestCount);
        var after = await client.GetChildren2Async(Members);
        Assert.Equal((before.Stat.Pzxid, before.Stat.Cversion), (after.Stat.Pzxid, after.Stat.Cversion));
        var data = await client.GetDataAsync($"{Members}/{writer.Local.Id}");
        Assert.Equal((2, writer.Local.Key), (data.Stat.Version, MemberRecord.Decode(data.Data).Key));
    }

    [SkippableFact]
    public async Task A_member_that_joins_later_reads_records_with_metrics_and_the_metrics_go_with_the_membership()
    {
        await using var writer = await Watched.StartAsync(Options(), NodeRecords.Number(1));
        await writer.Discovery.WriteMetricsAsync(new byte[] { 9 }, CancellationToken.None);

        await using var late = await Watched.StartAsync(Options(), NodeRecords.Number(2));

        await late.UntilMembersAsync(writer.Local!, late.Local!);
        Assert.Single(await late.Discovery.ReadMetricsAsync(CancellationToken.None));
        await writer.Discovery.StopAsync(CancellationToken.None);
        await late.UntilMembersAsync(late.Local!);
        Assert.Empty(await late.Discovery.ReadMetricsAsync(CancellationToken.None));
    }

    [SkippableFact]
    public async Task An_update_and_metrics_do_not_get_in_each_others_way()
    {
        await using var node = await Watched.StartAsync(Options(), NodeRecords.Number(1));
        for (byte round = 1; round <= 5; round++)
        {
            await node.Discovery.WriteMetricsAsync(new[] { round }, CancellationToken.None);
            await node.UpdateAsync(node.Local! with { State = round % 2 == 0 ? NodeState.Available : NodeState.Draining });
            await node.Discovery.WriteMetricsAsync(new[] { (byte)(round * 10) }, CancellationToken.None);

            await node.UntilAsync(snapshot => snapshot.Members is [var self] && self.State == node.Local!.State);
            Assert.Equal([(byte)(round * 10)], Assert.Single(await node.Discovery.ReadMetricsAsync(CancellationToken.None)).Metrics.ToArray());
        }
    }

    [SkippableFact]
    public async Task Metrics_go_on_after_somebody_else_has_written_into_the_record()
    {
        await using var client = await ZooKeeperClient.ConnectAsync(Needs.Servers(standalone.Servers).ConnectString);
        await using var node = await Watched.StartAsync(Options(), NodeRecords.Number(1));
        await client.SetDataAsync($"{Members}/{node.Local!.Id}", "junk"u8.ToArray());
        Assert.Empty(await node.Discovery.ReadMetricsAsync(CancellationToken.None));

        await node.Discovery.WriteMetricsAsync(new byte[] { 7 }, CancellationToken.None);

        Assert.Single(await node.Discovery.ReadMetricsAsync(CancellationToken.None));
    }

    [SkippableFact]
    public async Task A_client_reads_metrics_and_writes_none()
    {
        await using var node = await Watched.StartAsync(Options(), NodeRecords.Number(1));
        await node.Discovery.WriteMetricsAsync(new byte[] { 7 }, CancellationToken.None);
        await using var client = await Watched.StartAsync(Options(), null);

        Assert.Single(await client.Discovery.ReadMetricsAsync(CancellationToken.None));
        await Assert.ThrowsAsync<InvalidOperationException>(() => client.Discovery.WriteMetricsAsync(new byte[] { 7 }, CancellationToken.None));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => node.Discovery.WriteMetricsAsync(new byte[IMemberMetricsSpi.MetricsBytesMax + 1], CancellationToken.None));
    }

    private ZooKeeperDiscoveryOptions Options() => new() { ConnectionString = Needs.Servers(standalone.Servers).ConnectString, Cluster = _cluster };
}
