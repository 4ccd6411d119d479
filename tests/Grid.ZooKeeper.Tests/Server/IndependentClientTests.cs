namespace Grid.ZooKeeper.Tests.Server;

[Trait("Lane", "server")]
public sealed class IndependentClientTests(Standalone standalone) : IClassFixture<Standalone>
{
    [SkippableFact]
    public async Task What_this_client_writes_zkCli_reads()
    {
        var servers = Needs.Servers(standalone.Servers);
        IndependentClient.SkipIfAbsent();
        await using var client = await Clients.ConnectAsync(servers.ConnectString);
        await client.CreateAsync("/ours", "grüße"u8.ToArray(), new NodeSpec(CreateMode.Persistent, [Acl.Digest(AclPermissions.Read | AclPermissions.Write, "ann", "pw"), .. Acl.ReadOnly]));
        await client.CreateAsync("/ours-ephemeral", null, CreateMode.Ephemeral);
        var acl = await IndependentClient.RunAsync(servers.ConnectString, "getAcl", "/ours");
        var stat = await IndependentClient.RunAsync(servers.ConnectString, "stat", "/ours-ephemeral");
        var data = await IndependentClient.RunAsync(servers.ConnectString, "get", "/ours");
        Assert.Contains("grüße", data, StringComparison.Ordinal);
        Assert.Contains("'digest,'ann:", acl, StringComparison.Ordinal);
        Assert.Contains(": rw", acl, StringComparison.Ordinal);
        Assert.Contains("'world,'anyone", acl, StringComparison.Ordinal);
        Assert.Contains($"ephemeralOwner = 0x{client.Session!.SessionId:x}", stat, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task What_zkCli_writes_this_client_reads_and_hears_of()
    {
        var servers = Needs.Servers(standalone.Servers);
        IndependentClient.SkipIfAbsent();
        await using var client = await Clients.ConnectAsync(servers.ConnectString);
        using var watcher = client.CreateWatcher();
        await client.ExistsAsync("/theirs", watcher);
        var digest = Acl.Digest(AclPermissions.All, "bob", "pw");
        await IndependentClient.RunAsync(servers.ConnectString, "create", "/theirs", "hello", $"digest:{digest.Id}:cdrwa,world:anyone:r");
        Assert.Equal(new WatchEvent(WatchEventType.NodeCreated, "/theirs"), await watcher.NextAsync());
        Assert.Equal("hello"u8.ToArray(), (await client.GetDataAsync("/theirs")).Data);
        Assert.Equal(ZooKeeperErrorCode.NoAuth, (await Assert.ThrowsAsync<ZooKeeperException>(() => client.SetDataAsync("/theirs", null))).Code);
        await client.AddAuthAsync(AuthInfo.Digest("bob", "pw"));
        Assert.Equal([digest, .. Acl.ReadOnly], (await client.GetAclAsync("/theirs")).Acl);
        await client.SetDataAsync("/theirs", "changed"u8.ToArray());
    }
}
