using Grid.Discovery.ZooKeeper.Records;
using Grid.ZooKeeper;

namespace Grid.Discovery.ZooKeeper.Session;

/// <summary>The requests of one session to the znodes of one cluster. Each method is one request unless it says otherwise; failures are the client's.</summary>
internal sealed class ClusterRegistry(ZooKeeperClient client, ClusterPaths paths, IReadOnlyList<Acl> acl, ZooKeeperDiscoveryMetrics metrics) : IDisposable
{
    private const int AddressBatch = 512;

    public ClusterPaths Paths { get; } = paths;

    public ZooKeeperClient Client { get; } = client;

    /// <summary>Gets an event when the member list has changed after it was read.</summary>
    public Watcher Changes { get; } = client.CreateWatcher();

    public void Dispose() => Changes.Dispose();

    /// <summary>
    /// Creates the cluster's znodes, all in one transaction, unless somebody has: who comes second takes what is there. One request, and one more for each
    /// part of the root that may be missing.
    /// </summary>
    public async Task CreateClusterAsync(ClusterId id, CancellationToken ct)
    {
        var spec = new NodeSpec(CreateMode.Persistent, acl);
        foreach (var path in Paths.RootChain)
        {
            await UnlessExistsAsync(Client.CreateAsync(path, null, spec, ct)).ConfigureAwait(true);
        }

        MultiOp[] operations =
        [
            MultiOp.Create(Paths.Cluster, ClusterRecord.Encode(id), spec),
            MultiOp.Create(Paths.Members, null, spec),
            MultiOp.Create(Paths.Available, null, spec),
            MultiOp.Create(Paths.Left, null, spec),
        ];
        await UnlessExistsAsync(Count(Client.MultiAsync(operations, ct), "create")).ConfigureAwait(true);
    }

    /// <summary>
    /// Creates the znode of an address for as long as the session lives, in place of one that an earlier process left: whoever listens there has it. One request, or three.
    /// </summary>
    public async Task OfferAddressAsync(NodeEndpoint endpoint, CancellationToken ct)
    {
        var (path, spec) = (Paths.Address(endpoint), new NodeSpec(CreateMode.Ephemeral, acl));
        try
        {
            await Count(Client.CreateAsync(path, null, spec, ct), "register").ConfigureAwait(true);
        }
        catch (ZooKeeperException exception) when (exception.Code == ZooKeeperErrorCode.NodeExists)
        {
            await UnlessGoneAsync(Count(Client.DeleteAsync(path, -1, ct), "register")).ConfigureAwait(true);
            await Count(Client.CreateAsync(path, null, spec, ct), "register").ConfigureAwait(true);
        }
    }

    /// <summary>Reads the names of the addresses and which transaction created each: one request, and one more for each batch of them. None is there before there is a cluster.</summary>
    public async Task<IReadOnlyList<(string Name, long Czxid)>> ListAddressesAsync(CancellationToken ct)
    {
        var addresses = new List<(string, long)>();
        foreach (var chunk in (await ListAddressNamesAsync(ct).ConfigureAwait(true)).Chunk(AddressBatch))
        {
            var results = await ReadAsync([.. chunk.Select(name => ReadOp.GetData($"{Paths.Available}/{name}"))], ct).ConfigureAwait(true);
            addresses.AddRange(chunk.Zip(results).Where(pair => pair.Second.Stat is not null).Select(pair => (pair.First, pair.Second.Stat!.Value.Czxid)));
        }

        return addresses;
    }

    /// <summary>Creates a member and its addresses, and deletes what is in the way, in one transaction that also checks the layout.</summary>
    public Task RegisterAsync(Registration registration, IReadOnlyDictionary<string, int> obstacles, CancellationToken ct)
    {
        var spec = new NodeSpec(CreateMode.Ephemeral, acl);
        var owner = System.Text.Encoding.ASCII.GetBytes(registration.Name.Key.Id.ToString());
        var operations = new List<MultiOp> { MultiOp.Check(Paths.Cluster, ClusterRecord.ZNodeVersion) };
        operations.AddRange(obstacles.Select(obstacle => MultiOp.Delete(obstacle.Key, obstacle.Value)));
        operations.Add(MultiOp.Create(Paths.Member(registration.Name), registration.Data, spec));
        operations.AddRange(registration.Addresses.Select(path => MultiOp.Create(path, owner, spec)));
        return Count(Client.MultiAsync(operations, ct), "register");
    }

    /// <summary>Replaces the record of a member by its next revision, and its addresses if they changed, in one transaction.</summary>
    public Task ReplaceAsync(Registration before, Registration after, CancellationToken ct)
    {
        var spec = new NodeSpec(CreateMode.Ephemeral, acl);
        var owner = System.Text.Encoding.ASCII.GetBytes(after.Name.Key.Id.ToString());
        List<MultiOp> operations =
        [
            MultiOp.Delete(Paths.Member(before.Name)),
            MultiOp.Create(Paths.Member(after.Name), after.Data, spec),
            .. before.Addresses.Except(after.Addresses).Select(path => MultiOp.Delete(path)),
            .. after.Addresses.Except(before.Addresses).Select(path => MultiOp.Create(path, owner, spec)),
        ];
        return Count(Client.MultiAsync(operations, ct), "update");
    }

    /// <summary>Replaces the data of a znode if it still has that version; gives its version then.</summary>
    public async Task<int> WriteAsync(string path, byte[] data, int version, CancellationToken ct) =>
        (await Count(Client.SetDataAsync(path, data, version, ct), "metrics").ConfigureAwait(true)).Version;

    /// <summary>Reads records for the metrics in them.</summary>
    public Task<IReadOnlyList<ReadResult>> ReadMetricsAsync(IReadOnlyList<ReadOp> operations, CancellationToken ct) => Count(Client.MultiReadAsync(operations, ct), "metrics");

    /// <summary>Deletes a member and leaves the mark of a good-bye, in one transaction: whoever sees it gone can see why.</summary>
    public Task LeaveAsync(MemberName name, CancellationToken ct) => Count(
        Client.MultiAsync(
            [MultiOp.Create(Paths.Tombstone(name.Key), null, new NodeSpec(CreateMode.Persistent, acl)), MultiOp.Delete(Paths.Member(name))], ct),
        "leave");

    public Task<Stat?> ExistsAsync(string path, CancellationToken ct) => Count(Client.ExistsAsync(path, null, ct), "exists");

    /// <summary>Lets the server catch up, so that the next read sees all that was written before.</summary>
    public Task SyncAsync(CancellationToken ct) => Count(Client.SyncAsync(Paths.Members, ct), "sync");

    /// <summary>Reads the names of the members and asks to be told of the next change.</summary>
    public Task<ChildrenResult> ListAsync(CancellationToken ct) => Count(Client.GetChildren2Async(Paths.Members, Changes, ct), "list");

    public Task<IReadOnlyList<ReadResult>> ReadAsync(IReadOnlyList<ReadOp> operations, CancellationToken ct) => Count(Client.MultiReadAsync(operations, ct), "read");

    public Task<IReadOnlyList<string>> ListTombstonesAsync(CancellationToken ct) => Count(Client.GetChildrenAsync(Paths.Left, null, ct), "sweep");

    /// <summary>Deletes marks of good-byes; one request each, all under way at once.</summary>
    public async Task DeleteTombstonesAsync(IReadOnlyList<string> names, CancellationToken ct)
    {
        foreach (var chunk in names.Chunk(256))
        {
            var deletions = chunk.Select(name => UnlessGoneAsync(Count(Client.DeleteAsync($"{Paths.Left}/{name}", -1, ct), "sweep"))).ToArray();
            foreach (var deletion in deletions)
            {
                await deletion.ConfigureAwait(true);
            }
        }
    }

    /// <summary>Whether only one identity may change the member list.</summary>
    public async Task<bool> IsGuardedByAsync(string digestId, CancellationToken ct)
    {
        var result = await Count(Client.GetAclAsync(Paths.Members, ct), "acl").ConfigureAwait(true);
        return result.Acl.All(entry => (entry.Permissions & ~AclPermissions.Read) == 0 || (entry.Scheme == "digest" && entry.Id == digestId));
    }

    private async Task<IReadOnlyList<string>> ListAddressNamesAsync(CancellationToken ct)
    {
        try
        {
            return await Count(Client.GetChildrenAsync(Paths.Available, null, ct), "list").ConfigureAwait(true);
        }
        catch (ZooKeeperException exception) when (exception.Code == ZooKeeperErrorCode.NoNode)
        {
            return [];
        }
    }

    private static async Task UnlessExistsAsync(Task creation)
    {
        try
        {
            await creation.ConfigureAwait(true);
        }
        catch (ZooKeeperException exception) when (exception.Code == ZooKeeperErrorCode.NodeExists)
        {
            // Somebody was first.
        }
    }

    private static async Task UnlessGoneAsync(Task deletion)
    {
        try
        {
            await deletion.ConfigureAwait(true);
        }
        catch (ZooKeeperException exception) when (exception.Code == ZooKeeperErrorCode.NoNode)
        {
            // Another eldest member was faster.
        }
    }

    private T Count<T>(T request, string kind)
    {
        metrics.CountRequest(kind);
        return request;
    }
}
