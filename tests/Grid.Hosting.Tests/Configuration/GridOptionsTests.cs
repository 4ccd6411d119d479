namespace Grid.Hosting.Tests.Configuration;

public sealed class GridOptionsTests
{
    [Fact]
    public void Two_keys_are_enough()
    {
        var (options, problems) = Read();

        Assert.Empty(problems);
        Assert.Equal(("demo", "InMemory", "Tcp", "Adaptive"), (options.Cluster, options.DiscoveryProvider, options.CommunicationProvider, options.LoadBalancingProvider));
        Assert.Equal(("", 0, TimeSpan.FromSeconds(20)), (options.Node.Name, options.Node.Slots, options.Node.DrainTimeout));
        Assert.Equal((4096, 16384, TimeSpan.FromSeconds(5)), (options.Compute.InFlightMax, options.Compute.QueueMax, options.Compute.CancelGrace));
        Assert.Equal(("Fifo", 0d), (options.Collision.Provider, options.Collision.MemoryWatermark));
        Assert.Equal(("Gossip", TimeSpan.FromSeconds(1)), (options.Metrics.Exchange, options.Metrics.Period));
        Assert.Equal(("Always", 5, "None", 16 << 20), (options.Failover.Provider, options.Failover.MaxAttempts, options.Checkpoint.Provider, options.Checkpoint.ValueBytesMax));
    }

    [Fact]
    public void Every_key_is_read()
    {
        var (options, problems) = Read(
            ("Node:Name", "worker-1"),
            ("Node:Slots", "8"),
            ("Node:DrainTimeout", "00:01:30"),
            ("Node:Attributes:zone", "eu-1"),
            ("Node:Attributes:rack:row", "7"),
            ("LoadBalancing:Provider", "roundrobin"),
            ("Node:Resources:gpu", "2"),
            ("Collision:Provider", "fairshare"),
            ("Collision:MemoryWatermark", "0.85"),
            ("Collision:FairShare:Weights:gold", "3"),
            ("Compute:InFlightMax", "17"),
            ("ForkJoin:HelpDepthMax", "3"),
            ("ForkJoin:AnnounceAfter", "00:00:02"),
            ("ForkJoin:NodesMax", "1"),
            ("ForkJoin:BatchTime", "00:00:00.5"),
            ("ForkJoin:LentMax", "9"),
            ("ForkJoin:TaskBytesMax", "2048"),
            ("Compute:QueueMax", "100"),
            ("Compute:CancelGrace", "00:00:30"),
            ("Metrics:Exchange", "discovery"),
            ("Metrics:Period", "00:00:07"),
            ("Health:SuspectAfter", "00:00:03"),
            ("Health:StarvedAfter", "00:01:00"),
            ("Health:PoolDelayMax", "00:00:05"),
            ("Health:EventsMax", "64"),
            ("Security:ClusterSecret", "0123456789abcdef"),
            ("Communication:Tcp:Listen", "0.0.0.0:0"));

        Assert.Empty(problems);
        Assert.Equal(("worker-1", 8, TimeSpan.FromSeconds(90)), (options.Node.Name, options.Node.Slots, options.Node.DrainTimeout));
        Assert.Equal([new("rack:row", "7"), new("zone", "eu-1")], options.Node.Attributes.ToArray());
        Assert.Equal(("RoundRobin", 17, "0123456789abcdef"), (options.LoadBalancingProvider, options.Compute.InFlightMax, options.Security.ClusterSecret));
        Assert.Equal((100, TimeSpan.FromSeconds(30)), (options.Compute.QueueMax, options.Compute.CancelGrace));
        Assert.Equal(("FairShare", 0.85, "2 gpu"), (options.Collision.Provider, options.Collision.MemoryWatermark, options.Node.Resources.ToString()));
        Assert.Equal(("Discovery", TimeSpan.FromSeconds(7)), (options.Metrics.Exchange, options.Metrics.Period));
        Assert.Equal((TimeSpan.FromSeconds(3), TimeSpan.FromMinutes(1), TimeSpan.FromSeconds(5), 64), (options.Health.SuspectAfter, options.Health.StarvedAfter, options.Health.PoolDelayMax, options.Health.EventsMax));
        Assert.Equal((3, 1, 9, 2048), (options.ForkJoin.HelpDepthMax, options.ForkJoin.NodesMax, options.ForkJoin.LentMax, options.ForkJoin.TaskBytesMax));
        Assert.Equal((TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(0.5)), (options.ForkJoin.AnnounceAfter, options.ForkJoin.BatchTime));
    }

    [Theory]
    [InlineData("Cluster", "", "Grid:Cluster: the value is missing. Accepted: the name of the cluster, 1 to 128 characters.")]
    [InlineData("Discovery:Provider", "", "Grid:Discovery:Provider: the value is missing. Accepted: Gossip | InMemory | ZooKeeper.")]
    [InlineData("Discovery:Provider", "InMemroy", "Grid:Discovery:Provider: 'InMemroy' is unknown. Did you mean InMemory? Accepted: Gossip | InMemory | ZooKeeper.")]
    [InlineData("LoadBalancing:Provider", "Best", "Grid:LoadBalancing:Provider: 'Best' is unknown. Accepted: Adaptive | ConsistentHash | LeastInFlight | RoundRobin | WeightedRandom.")]
    [InlineData("Failover:Provider", "Alway", "Grid:Failover:Provider: 'Alway' is unknown. Did you mean Always? Accepted: Always | ByExceptionType | Never.")]
    [InlineData("Failover:MaxAttempts", "0", "Grid:Failover:MaxAttempts: '0' is not accepted. Accepted: a whole number from 1 to 100.")]
    [InlineData("Checkpoint:Provider", "Disk", "Grid:Checkpoint:Provider: 'Disk' is unknown. Accepted: FileSystem | InMemory | None.")]
    [InlineData("Checkpoint:ValueBytesMax", "9", "Grid:Checkpoint:ValueBytesMax: '9' is not accepted. Accepted: a number of bytes from 1024 to 1073741824.")]
    [InlineData("Node:Slots", "-1", "Grid:Node:Slots: '-1' is not accepted. Accepted: a whole number from 0 to 4096 (0: one per processor).")]
    [InlineData("Node:Slots", "many", "Grid:Node:Slots: 'many' is not accepted. Accepted: a whole number from 0 to 4096 (0: one per processor).")]
    [InlineData("Compute:InFlightMax", "0", "Grid:Compute:InFlightMax: '0' is not accepted. Accepted: a whole number from 1 to 1000000.")]
    [InlineData("ForkJoin:NodesMax", "0", "Grid:ForkJoin:NodesMax: '0' is not accepted. Accepted: a whole number from 1 to 4096.")]
    [InlineData("Node:DrainTimeout", "20", "Grid:Node:DrainTimeout: '20' is not accepted. Accepted: a duration from 00:00:00 to 01:00:00, written hours:minutes:seconds, for example 00:00:20.")]
    [InlineData("Node:DrainTimeout", "02:00:00", "Grid:Node:DrainTimeout: '02:00:00' is not accepted. Accepted: a duration from 00:00:00 to 01:00:00, written hours:minutes:seconds, for example 00:00:20.")]
    [InlineData("Security:ClusterSecret", "too short", "Grid:Security:ClusterSecret: the secret has 9 characters. Accepted: at least 16, or none for a cluster within one machine.")]
    [InlineData("Discovery:Etcd:Servers", "x", "Grid:Discovery:Etcd:Servers: the key is unknown. Accepted: Checkpoint:*, Client:*, Cluster, Collision:*, Communication:*, Compute:*, Deployment:*, Discovery:*, Failover:*, ForkJoin:*, Health:*, LoadBalancing:*, Metrics:*, Node:*, Plugins:*, Security:*.")]
    [InlineData("Collision:Provider", "Fair", "Grid:Collision:Provider: 'Fair' is unknown. Accepted: FairShare | Fifo | Priority.")]
    [InlineData("Collision:MemoryWatermark", "85", "Grid:Collision:MemoryWatermark: '85' is not accepted. Accepted: a number from 0.1 to 1, or 0 for never.")]
    [InlineData("Node:Resources:gpu", "some", "Grid:Node:Resources:gpu: 'some' is not accepted. Accepted: a whole number from 1 to 1000000000.")]
    [InlineData("Node:Resources:gpu card", "1", "Grid:Node:Resources: 'gpu card' is not a name of a resource. Accepted: 1 to 64 letters, digits, '-', '_' and '.'.")]
    [InlineData("Metrics:Exchange", "Gossipp", "Grid:Metrics:Exchange: 'Gossipp' is unknown. Did you mean Gossip? Accepted: Discovery | Gossip.")]
    [InlineData("Metrics:Period", "00:02:00", "Grid:Metrics:Period: '00:02:00' is not accepted. Accepted: a duration from 00:00:00.1000000 to 00:01:00, written hours:minutes:seconds, for example 00:00:20.")]
    public void What_is_wrong_is_told_with_its_key_and_what_is_accepted(string key, string value, string expected) =>
        Assert.Equal(expected, Assert.Single(Read((key, value)).Problems));

    [Fact]
    public void The_registry_is_written_to_every_five_seconds_at_most_and_every_thirty_unless_said()
    {
        Assert.Equal(TimeSpan.FromSeconds(30), Read(("Metrics:Exchange", "Discovery")).Options.Metrics.Period);
        Assert.Contains("from 00:00:05 to 00:10:00", Assert.Single(Read(("Metrics:Exchange", "Discovery"), ("Metrics:Period", "00:00:01")).Problems), StringComparison.Ordinal);
    }

    [Fact]
    public void A_mistyped_key_is_told_with_the_one_that_was_meant_and_those_beside_it() => Assert.Equal(
        "Grid:Node:Slot: the key is unknown. Did you mean Node:Slots? Accepted: Node:Attributes:*, Node:DrainTimeout, Node:Name, Node:Resources:*, Node:Slots.",
        Assert.Single(Read(("Node:Slot", "4")).Problems));

    [Fact]
    public void A_name_that_is_too_long_is_told_without_repeating_it()
    {
        var problem = Assert.Single(Read(("Node:Name", new string('x', 129))).Problems);

        Assert.Equal("Grid:Node:Name: the value has 129 characters; at most 128 are accepted.", problem);
    }

    [Fact]
    public void All_problems_are_told_at_once() =>
        Assert.Equal(4, Read(("Cluster", ""), ("Node:Slots", "x"), ("Node:Nam", "x"), ("Discovery:Provider", "Etcd")).Problems.Count);

    [Theory]
    [InlineData("127.0.0.1", "", true)]
    [InlineData("::1", "", true)]
    [InlineData("LOCALHOST", "", true)]
    [InlineData("127.8.9.1", "", true)]
    [InlineData("0.0.0.0", "", false)]
    [InlineData("::", "", false)]
    [InlineData("10.0.0.5", "", false)]
    [InlineData("worker.example", "", false)]
    [InlineData("::ffff:127.0.0.1", "", true)]
    [InlineData("::ffff:10.0.0.5", "", false)]
    [InlineData("0", "", false)]
    [InlineData("no such name", "", false)]
    [InlineData("10.0.0.5", "0123456789abcdef", true)]
    public void A_listener_that_others_can_reach_needs_a_secret(string host, string secret, bool isAccepted)
    {
        var reader = new SettingsReader(Settings.Create(("Security:ClusterSecret", secret)));
        var options = GridOptionsReader.Read(reader, BuiltInProviders.Create());

        GridOptionsReader.CheckListen(reader, options, new NodeEndpoint(host, 47100));

        Assert.Equal(isAccepted, reader.Problems.Count == 0);
        Assert.All(reader.Problems, problem => Assert.Contains("Grid:Security:ClusterSecret", problem, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("node.pem", "root.pem", true)]
    [InlineData("node.pem", "", false)]
    [InlineData("", "root.pem", false)]
    public void A_listener_that_others_can_reach_is_accepted_with_certificates(string certificate, string root, bool isAccepted)
    {
        var reader = new SettingsReader(Settings.Create(("Security:Certificate", certificate), ("Security:TrustedRoot", root)));
        var options = GridOptionsReader.Read(reader, BuiltInProviders.Create());

        GridOptionsReader.CheckListen(reader, options, new NodeEndpoint("10.0.0.5", 47100));

        Assert.Equal(isAccepted, reader.Problems.Count == 0);
        Assert.All(reader.Problems, problem => Assert.Contains("Grid:Security:TrustedRoot", problem, StringComparison.Ordinal));
    }

    private static (GridOptions Options, IReadOnlyList<string> Problems) Read(params (string Key, string? Value)[] changes)
    {
        var reader = new SettingsReader(Settings.Create([("Communication:Tcp:Listen", null), .. changes]));
        var options = GridOptionsReader.Read(reader, BuiltInProviders.Create());
        return (options, reader.Problems);
    }
}
