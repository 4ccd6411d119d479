using Grid.Spi;
using Microsoft.Extensions.Configuration;

namespace Grid.Hosting.Tests.Clients;

[Trait("Lane", "pure")]
public sealed class ClusterUrlTests
{
    [Fact]
    public void A_url_stands_for_keys_and_goes_before_what_is_configured()
    {
        var section = Apply(
            "zookeeper://zk1:2181,[::1]:2182/apps/grid/?cluster=a%26b&secret=s%20s&connectTimeout=00:00:03&SESSIONTIMEOUT=00:00:20&auth=digest:u:p&name=me",
            ("Cluster", "other"), ("Compute:InFlightMax", "7"));

        Assert.Equal(("a&b", "ZooKeeper", "s s"), (section["Cluster"], section["Discovery:Provider"], section["Security:ClusterSecret"]));
        Assert.Equal(("00:00:03", "me", "7"), (section["Client:ConnectTimeout"], section["Client:Name"], section["Compute:InFlightMax"]));
        var zooKeeper = section.GetSection("Discovery:ZooKeeper");
        Assert.Equal(("zk1:2181,[::1]:2182", "/apps/grid"), (zooKeeper["ConnectionString"], zooKeeper["Root"]));
        Assert.Equal(("00:00:20", "digest:u:p"), (zooKeeper["SessionTimeout"], zooKeeper["Auth"]));
    }

    [Fact]
    public void A_url_without_a_path_leaves_the_root_to_the_provider() => Assert.Null(Apply("zookeeper://zk1?cluster=a")["Discovery:ZooKeeper:Root"]);

    [Fact]
    public void Gossip_takes_seeds_from_its_url_or_the_place_where_they_are_found()
    {
        Assert.Equal("10.0.0.1:47200,b:1", Apply("gossip://10.0.0.1:47200,b:1?cluster=a")["Discovery:Gossip:Seeds"]);

        var gossip = Apply("gossip://zk1:2181,zk2:2181/apps?cluster=a&seedsFrom=ZooKeeper").GetSection("Discovery:Gossip");

        Assert.Equal(("ZooKeeper", null), (gossip["SeedsFrom"], gossip["Seeds"]));
        Assert.Equal(("zk1:2181,zk2:2181", "/apps"), (gossip["ZooKeeper:ConnectionString"], gossip["ZooKeeper:Root"]));
    }

    [Fact]
    public void A_url_is_shown_without_what_may_be_secret() =>
        Assert.Equal("zookeeper://zk1:2181/grid", DiscoveryUrl.Parse("ZooKeeper://zk1:2181/grid?cluster=a&secret=b").ToString());

    [Fact]
    public void A_query_that_cannot_be_read_is_not_repeated_in_the_message() =>
        Assert.DoesNotContain("hunter2", Assert.Throws<FormatException>(() => DiscoveryUrl.Parse("zookeeper://zk1?=hunter2")).Message, StringComparison.Ordinal);

    [Fact]
    public void A_url_beyond_the_limit_is_refused() =>
        Assert.Throws<FormatException>(() => DiscoveryUrl.Parse("zookeeper://" + new string('x', 9000)));

    [Fact]
    public void A_scheme_has_one_reader()
    {
        var exception = Assert.Throws<ArgumentException>(() => BuiltInProviders.Create().AddDiscoveryScheme("ZOOKEEPER", "Mine", _ => new Dictionary<string, string>()));

        Assert.StartsWith("The scheme ZOOKEEPER is read by ZooKeeper already.", exception.Message, StringComparison.Ordinal);
    }

    private static IConfiguration Apply(string url, params (string Key, string Value)[] settings)
    {
        var pairs = settings.Append((Key: "Client:Url", Value: url)).Select(pair => KeyValuePair.Create("Grid:" + pair.Key, (string?)pair.Value));
        var (section, problems) = ClusterUrl.Apply(new ConfigurationBuilder().AddInMemoryCollection(pairs).Build().GetSection("Grid"), BuiltInProviders.Create());
        Assert.Empty(problems);
        return section;
    }
}
