using System.Text;
using Grid.Testing.ZooKeeper;

namespace Grid.ZooKeeper.Tests.Server;

[Trait("Lane", "server")]
public sealed class OperationTests(Standalone standalone) : IClassFixture<Standalone>, IAsyncLifetime
{
    private static readonly byte[] Data = "data"u8.ToArray();
    private ZooKeeperClient _client = null!;

    public async Task InitializeAsync()
    {
        if (standalone.Servers is { } servers)
        {
            _client = await Clients.InOwnChrootAsync(servers);
        }
    }

    public async Task DisposeAsync()
    {
        if (_client is not null)
        {
            await _client.DisposeAsync();
        }
    }

    [SkippableFact]
    public async Task A_created_node_reads_back_with_its_metadata()
    {
        Needs.Servers(standalone.Servers);
        var created = await _client.Create2Async("/node", Data);
        var read = await _client.GetDataAsync("/node");
        Assert.Equal("/node", created.Path);
        Assert.Equal(Data, read.Data);
        Assert.Equal(created.Stat, read.Stat);
        Assert.Equal(Data.Length, read.Stat.DataLength);
        Assert.Equal(0, read.Stat.EphemeralOwner);
        Assert.Equal("/plain", await _client.CreateAsync("/plain", Data));
    }

    [SkippableFact]
    public async Task Null_data_and_empty_data_are_told_apart()
    {
        Needs.Servers(standalone.Servers);
        await _client.CreateAsync("/null", null);
        await _client.CreateAsync("/empty", Array.Empty<byte>());
        Assert.Null((await _client.GetDataAsync("/null")).Data);
        Assert.Empty((await _client.GetDataAsync("/empty")).Data!);
        await _client.SetDataAsync("/empty", null);
        Assert.Null((await _client.GetDataAsync("/empty")).Data);
    }

    [SkippableFact]
    public async Task An_ephemeral_node_names_its_session_and_has_no_children()
    {
        Needs.Servers(standalone.Servers);
        var created = await _client.Create2Async("/ephemeral", Data, CreateMode.Ephemeral);
        Assert.Equal(_client.Session!.SessionId, created.Stat.EphemeralOwner);
        Assert.Equal(["/ephemeral"], await _client.GetEphemeralsAsync());
        var error = await Assert.ThrowsAsync<ZooKeeperException>(() => _client.CreateAsync("/ephemeral/child", Data));
        Assert.Equal(ZooKeeperErrorCode.NoChildrenForEphemerals, error.Code);
    }

    [SkippableTheory]
    [InlineData(CreateMode.PersistentSequential, false)]
    [InlineData(CreateMode.EphemeralSequential, true)]
    public async Task Sequential_nodes_get_growing_numbers(CreateMode mode, bool isEphemeral)
    {
        Needs.Servers(standalone.Servers);
        var first = await _client.Create2Async("/n-", Data, mode);
        var second = await _client.Create2Async("/n-", Data, mode);
        Assert.Matches("^/n-[0-9]{10}$", first.Path);
        Assert.True(string.CompareOrdinal(first.Path, second.Path) < 0);
        Assert.Equal(isEphemeral, first.Stat.EphemeralOwner != 0);
    }

    [SkippableFact]
    public async Task Container_and_time_to_live_nodes_are_created()
    {
        Needs.Servers(standalone.Servers);
        var container = await _client.Create2Async("/container", Data, CreateMode.Container);
        var living = await _client.Create2Async("/ttl", Data, new NodeSpec(CreateMode.PersistentWithTtl, Ttl: TimeSpan.FromHours(1)));
        var numbered = await _client.CreateAsync("/ttl-", Data, new NodeSpec(CreateMode.PersistentSequentialWithTtl, Ttl: TimeSpan.FromHours(1)));
        Assert.Equal("/container", container.Path);
        Assert.Equal("/ttl", living.Path);
        Assert.Equal("/container/child", await _client.CreateAsync("/container/child", Data));
        Assert.Matches("^/ttl-[0-9]{10}$", numbered);
    }

    [SkippableFact]
    public async Task Versions_guard_changes_and_deletions()
    {
        Needs.Servers(standalone.Servers);
        await _client.CreateAsync("/v", Data);
        var stat = await _client.SetDataAsync("/v", Data, 0);
        Assert.Equal(1, stat.Version);
        Assert.Equal(ZooKeeperErrorCode.BadVersion, (await Assert.ThrowsAsync<ZooKeeperException>(() => _client.SetDataAsync("/v", Data, 0))).Code);
        Assert.Equal(ZooKeeperErrorCode.BadVersion, (await Assert.ThrowsAsync<ZooKeeperException>(() => _client.DeleteAsync("/v", 0))).Code);
        await _client.DeleteAsync("/v", 1);
        Assert.Null(await _client.ExistsAsync("/v"));
    }

    [SkippableFact]
    public async Task Refusals_name_code_and_path_and_are_certain()
    {
        Needs.Servers(standalone.Servers);
        await _client.CreateAsync("/parent", Data);
        await _client.CreateAsync("/parent/child", Data);
        var noNode = await Assert.ThrowsAsync<ZooKeeperException>(() => _client.GetDataAsync("/absent"));
        var exists = await Assert.ThrowsAsync<ZooKeeperException>(() => _client.CreateAsync("/parent", Data));
        var notEmpty = await Assert.ThrowsAsync<ZooKeeperException>(() => _client.DeleteAsync("/parent"));
        Assert.Equal((ZooKeeperErrorCode.NoNode, "/absent", false), (noNode.Code, noNode.Path, noNode.MayHaveBeenApplied));
        Assert.Equal((ZooKeeperErrorCode.NodeExists, "/parent", false), (exists.Code, exists.Path, exists.MayHaveBeenApplied));
        Assert.Equal(ZooKeeperErrorCode.NotEmpty, notEmpty.Code);
    }

    [SkippableFact]
    public async Task Children_are_listed_with_and_without_the_parents_metadata()
    {
        Needs.Servers(standalone.Servers);
        await _client.CreateAsync("/p", Data);
        await _client.CreateAsync("/p/a", Data);
        await _client.CreateAsync("/p/b", Data);
        await _client.CreateAsync("/p/b/c", Data);
        Assert.Equal(["a", "b"], (await _client.GetChildrenAsync("/p")).Order());
        var both = await _client.GetChildren2Async("/p");
        Assert.Equal(["a", "b"], both.Children.Order());
        Assert.Equal(2, both.Stat.NumChildren);
        Assert.Equal(3, await _client.GetAllChildrenNumberAsync("/p"));
    }

    [SkippableFact]
    public async Task A_multi_applies_all_or_nothing_and_names_the_culprit()
    {
        Needs.Servers(standalone.Servers);
        var results = await _client.MultiAsync([MultiOp.Create("/m", Data), MultiOp.Create("/m/e", Data, CreateMode.Ephemeral), MultiOp.SetData("/m", null, 0), MultiOp.Check("/m", 1)]);
        Assert.Equal(["/m", "/m/e", null, null], results.Select(result => result.Path));
        Assert.Null(results[0].Stat);
        Assert.Equal(results[2].Stat!.Value.Czxid, results[2].Stat!.Value.Mzxid);
        var error = await Assert.ThrowsAsync<MultiException>(() => _client.MultiAsync([MultiOp.Delete("/m/e"), MultiOp.Check("/m", 7), MultiOp.Delete("/m")]));
        Assert.Equal((1, ZooKeeperErrorCode.BadVersion, "/m", false), (error.FailedIndex, error.Code, error.Path, error.MayHaveBeenApplied));
        Assert.Equal([ZooKeeperErrorCode.Ok, ZooKeeperErrorCode.BadVersion, ZooKeeperErrorCode.RuntimeInconsistency], error.Results.Select(result => result.Error));
        Assert.NotNull(await _client.ExistsAsync("/m/e"));
        Assert.Empty(await _client.MultiAsync([]));
    }

    [SkippableFact]
    public async Task A_batch_of_reads_fails_one_by_one()
    {
        Needs.Servers(standalone.Servers);
        await _client.CreateAsync("/r", Data);
        await _client.CreateAsync("/r/c", null);
        var results = await _client.MultiReadAsync([ReadOp.GetData("/r"), ReadOp.GetData("/absent"), ReadOp.GetChildren("/r")]);
        Assert.Equal(Data, results[0].Data);
        Assert.Equal(1, results[0].Stat!.Value.NumChildren);
        Assert.Equal(ZooKeeperErrorCode.NoNode, results[1].Error);
        Assert.Equal(["c"], results[2].Children!);
    }

    [SkippableFact]
    public async Task A_thousand_requests_in_flight_are_answered_in_order()
    {
        Needs.Servers(standalone.Servers);
        await _client.CreateAsync("/q", null);
        var writes = Enumerable.Range(0, 1024).Select(i => _client.SetDataAsync("/q", Encoding.UTF8.GetBytes($"{i}"))).ToArray();
        var stats = await Task.WhenAll(writes).OrHang(() => $"{_client.PendingRequests} pending");
        Assert.Equal(Enumerable.Range(1, 1024), stats.Select(stat => stat.Version));
        Assert.Equal(0, _client.PendingRequests);
    }

    [SkippableFact]
    public async Task Sync_then_read_answers()
    {
        Needs.Servers(standalone.Servers);
        await _client.CreateAsync("/s", Data);
        var sync = _client.SyncAsync("/s");
        Assert.Equal(Data, (await _client.GetDataAsync("/s")).Data);
        await sync;
    }

    [SkippableFact]
    public async Task The_chroot_is_stripped_from_everything_and_the_configuration_is_outside_of_it()
    {
        var servers = Needs.Servers(standalone.Servers);
        await using var inner = await Clients.ConnectAsync($"{servers.ConnectString}{await Clients.MakeChrootAsync(servers)}");
        Assert.Equal("/a", await inner.CreateAsync("/a", Data));
        Assert.Equal("/a/b", (await inner.Create2Async("/a/b", Data, CreateMode.Ephemeral)).Path);
        Assert.Equal(["a"], await inner.GetChildrenAsync("/"));
        Assert.Equal(["/a/b"], await inner.GetEphemeralsAsync());
        Assert.Equal("/a/c", (await inner.MultiAsync([MultiOp.Create("/a/c", null)]))[0].Path);
        var error = await Assert.ThrowsAsync<ZooKeeperException>(() => inner.GetDataAsync("/none"));
        Assert.Equal("/none", error.Path);
        Assert.NotNull((await inner.GetConfigAsync()).Data);
    }

    [SkippableFact]
    public async Task Reconfiguring_a_standalone_server_is_refused()
    {
        Needs.Servers(standalone.Servers);
        await _client.AddAuthAsync(AuthInfo.Digest("super", "root-secret"));
        var error = await Assert.ThrowsAsync<ZooKeeperException>(() => _client.ReconfigAsync(new EnsembleChange(Leaving: "2")));
        Assert.Equal(ZooKeeperErrorCode.Unimplemented, error.Code);
    }

    [SkippableFact]
    public async Task An_oversized_write_fails_here_and_the_connection_lives()
    {
        Needs.Servers(standalone.Servers);
        await _client.CreateAsync("/big", null);
        await Assert.ThrowsAsync<ArgumentException>(() => _client.SetDataAsync("/big", new byte[1_048_576]));
        await _client.SetDataAsync("/big", new byte[1_048_000]);
        Assert.Equal(1_048_000, (await _client.GetDataAsync("/big")).Data!.Length);
        Assert.Equal(SessionState.Connected, _client.Status.State);
    }
}
