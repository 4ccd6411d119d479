using Microsoft.Extensions.Configuration;

namespace Grid.Discovery.ZooKeeper.Tests;

public sealed class ZooKeeperDiscoveryOptionsTests
{
    private const string Prefix = "Grid:Discovery:ZooKeeper:";

    [Fact]
    public void Every_key_is_read()
    {
        var options = Read(
            ("ConnectionString", "zk1:2181,[::1]:2182/apps"), ("Root", "/other/root"), ("Cluster", "demo"), ("SessionTimeout", "00:00:30"), ("Auth", "digest:grid:se:cret"),
            ("Tls", "true"), ("StartTimeout", "00:01:00"), ("ReadDelayPerMember", "00:00:00.0002"), ("ReadDelayMin", "00:00:00.1"), ("ReadDelayMax", "00:00:02"),
            ("SweepPeriod", "00:10:00"), ("HoldsThroughOutage", "false"));

        Assert.Equal("zk1:2181,[::1]:2182/apps", options.ConnectionString);
        Assert.Equal(("/other/root", "demo", "digest:grid:se:cret"), (options.Root, options.Cluster, options.Auth));
        Assert.Equal(("grid", "se:cret"), options.Identity);
        Assert.Equal((true, false), (options.Tls, options.HoldsThroughOutage));
        Assert.Equal((30, 60, 2, 600), (options.SessionTimeout.TotalSeconds, options.StartTimeout.TotalSeconds, options.ReadDelayMax.TotalSeconds, options.SweepPeriod.TotalSeconds));
        Assert.Equal((0.2, 100), (options.ReadDelayPerMember.TotalMilliseconds, options.ReadDelayMin.TotalMilliseconds));
    }

    [Fact]
    public void Absent_keys_keep_their_defaults()
    {
        var options = Read(("ConnectionString", "zk1"), ("Cluster", "demo"));

        Assert.Equal(("/grid", TimeSpan.FromSeconds(10), "", false), (options.Root, options.SessionTimeout, options.Auth, options.Tls));
    }

    [Fact]
    public void All_problems_come_in_one_message_and_no_secret_with_them()
    {
        var exception = Assert.Throws<GridConfigurationException>(() => Read(
            ("ConnectionString", "zk1:99999"), ("Root", "grid//x"), ("SessionTimeout", "10"), ("Auth", "user:hush"), ("Tls", "maybe"), ("SweepPeriod", "00:00:00")));

        Assert.Equal(7, exception.Problems.Count);
        foreach (var key in new[] { "ConnectionString", "Root", "SessionTimeout", "Auth", "Tls", "SweepPeriod" })
        {
            Assert.Contains(exception.Problems, problem => problem.Contains(Prefix + key, StringComparison.Ordinal));
        }

        Assert.Contains(exception.Problems, problem => problem.Contains("Grid:Cluster", StringComparison.Ordinal));
        Assert.DoesNotContain("hush", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/a/b.c")]
    public void A_root_is_any_absolute_path(string root) => Assert.Equal(root, Read(("ConnectionString", "zk1"), ("Cluster", "demo"), ("Root", root)).Root);

    private static ZooKeeperDiscoveryOptions Read(params (string Key, string Value)[] values) => ZooKeeperDiscoveryOptions.Read(
        new ConfigurationBuilder()
            .AddInMemoryCollection(values.Select(value => KeyValuePair.Create(Prefix + value.Key, (string?)value.Value)))
            .Build()
            .GetSection("Grid:Discovery:ZooKeeper"));
}
