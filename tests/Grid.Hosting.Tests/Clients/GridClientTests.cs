using Grid.Hosting.Tests.Configuration;

namespace Grid.Hosting.Tests.Clients;

[Trait("Lane", "loopback")]
public sealed class GridClientTests
{
    private const string Secret = "a secret of sixteen or more";
    private readonly string _registry = Guid.NewGuid().ToString("n");

    [Fact]
    public async Task A_url_leads_to_the_cluster_and_work_runs_on_its_members()
    {
        await using var worker = await StartWorkerAsync("worker-1");
        await using var client = await GridClient.ConnectAsync(Url());

        Assert.Equal("worker-1", await client.CallAsync(() => JobContext.Current!.Node.Name));
        Assert.Equal("worker-1", Assert.Single(client.Topology.Current.Nodes).Name);
        Assert.Single(worker.Topology.Current.Nodes);
    }

    [Fact]
    public async Task The_configuration_of_a_worker_serves_a_client()
    {
        await using var worker = await StartWorkerAsync("worker-1");
        await using var client = await GridClient.ConnectAsync(WorkerSettings("worker-1"));

        Assert.Equal(6 * 7, await client.CallAsync(() => 6 * 7));
        Assert.Empty(client.LocalNode.Endpoints);
        Assert.Contains(Environment.UserName, client.LocalNode.Name, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_survives_the_loss_of_members()
    {
        var first = await StartWorkerAsync("worker-1");
        await using var second = await StartWorkerAsync("worker-2");
        await using var client = await GridClient.ConnectAsync(Url());
        await client.CallAsync(() => 1);

        await first.DisposeAsync();

        Assert.Equal("worker-2", await client.CallAsync(() => JobContext.Current!.Node.Name));
    }

    [Fact]
    public async Task The_secret_of_the_url_opens_the_door()
    {
        await using var worker = await StartWorkerAsync("worker-1", ("Security:ClusterSecret", Secret));
        await using var client = await GridClient.ConnectAsync(Url($"&secret={Uri.EscapeDataString(Secret)}"));

        Assert.Equal(1, await client.CallAsync(() => 1));
    }

    [Fact]
    public async Task A_wrong_secret_is_told_when_connecting()
    {
        await using var worker = await StartWorkerAsync("worker-1", ("Security:ClusterSecret", Secret));

        var exception = await Assert.ThrowsAsync<AuthenticationException>(() => GridClient.ConnectAsync(Url("&secret=another-secret-altogether")));

        Assert.Contains("GRID_SECRET", exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("another-secret", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cluster_without_members_is_told_with_its_name()
    {
        var exception = await Assert.ThrowsAsync<DiscoveryException>(() => GridClient.ConnectAsync($"inmemory://{_registry}?cluster=dmeo&connectTimeout=00:00:00.1"));

        Assert.Contains("knows no member of cluster dmeo", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_that_may_be_first_waits_for_no_member()
    {
        var options = new GridClientOptions { Settings = new Dictionary<string, string?> { ["Client:NeedsMembers"] = "false" } };
        await using var client = await GridClient.ConnectAsync(Url(), options);
        await using var worker = await StartWorkerAsync("late");

        Assert.Equal("late", await client.CallAsync(() => JobContext.Current!.Node.Name));
    }

    [Fact]
    public async Task A_registry_that_does_not_answer_is_told_after_the_timeout()
    {
        // A port that nobody listens on: the smallest that needs privileges.
        var exception = await Assert.ThrowsAsync<DiscoveryException>(() => GridClient.ConnectAsync("zookeeper://127.0.0.1:1?cluster=demo&connectTimeout=00:00:00.3"));

        Assert.Contains("zookeeper://127.0.0.1:1", exception.Message, StringComparison.Ordinal);
        Assert.Contains("Check its address", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("consul://127.0.0.1:8500?cluster=demo", "No discovery provider reads consul://")]
    [InlineData("consul://127.0.0.1:8500?cluster=demo", "There are: gossip://, inmemory://, zookeeper://")]
    [InlineData("gossip://?cluster=a", "no seed is named")]
    [InlineData("gossip://127.0.0.1:1?cluster=a&seedsFrom=Consul", "Grid:Discovery:Gossip:SeedsFrom: 'Consul' is not accepted. Accepted: ZooKeeper")]
    [InlineData("gossip://127.0.0.1:x?cluster=a&seedsFrom=ZooKeeper", "Grid:Discovery:Gossip:ZooKeeper:ConnectionString: ")]
    [InlineData("gossip://127.0.0.1?cluster=a", "expected host:port")]
    [InlineData("127.0.0.1:2181", "has no scheme")]
    [InlineData("zookeeper://127.0.0.1:2181?cluster", "not of the form key=value")]
    [InlineData("zookeeper://127.0.0.1:2181?cluster=a&cluster=b", "has the key cluster twice")]
    [InlineData("zookeeper://127.0.0.1:2181?cluster=a&colour=red", "the query key colour is unknown")]
    [InlineData("zookeeper://127.0.0.1:2181", "zookeeper://127.0.0.1:2181 names no cluster. Add it: zookeeper://127.0.0.1:2181?cluster=name.")]
    [InlineData("zookeeper://?cluster=a", "ConnectionString is missing")]
    [InlineData("zookeeper://127.0.0.1:2181?cluster=a&tls=perhaps", "Tls is 'perhaps'")]
    [InlineData("inmemory://x?cluster=a&connectTimeout=9", "Client:ConnectTimeout: '9' is not accepted")]
    public async Task A_url_that_cannot_be_used_is_told_with_what_is_accepted(string url, string problem)
    {
        var exception = await Assert.ThrowsAsync<GridConfigurationException>(() => GridClient.ConnectAsync(url));

        Assert.Contains(problem, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_caller_that_gives_up_gets_a_cancellation()
    {
        using var caller = new CancellationTokenSource();
        var connecting = GridClient.ConnectAsync("zookeeper://127.0.0.1:1?cluster=demo", caller.Token);
        await caller.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => connecting);
    }

    private string Url(string more = "") => $"inmemory://{_registry}?cluster=demo{more}";

    private Task<IGrid> StartWorkerAsync(string name, params (string Key, string? Value)[] changes) => GridNode.StartAsync(WorkerSettings(name, changes));

    private Microsoft.Extensions.Configuration.IConfigurationSection WorkerSettings(string name, params (string Key, string? Value)[] changes) =>
        Settings.Create([("Discovery:InMemory:Registry", _registry), ("Node:Name", name), .. changes]);
}
