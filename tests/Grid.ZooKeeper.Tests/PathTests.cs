namespace Grid.ZooKeeper.Tests;

public sealed class PathTests
{
    [Theory]
    [InlineData("/")]
    [InlineData("/a/b.c/..d")]
    [InlineData("/[fe80::1%eth0]:9000")]
    [InlineData("/grüße")]
    public void Good_paths_pass(string path) => Assert.Null(Record.Exception(() => ZooKeeperPath.ThrowIfInvalid(path)));

    [Theory]
    [InlineData("")]
    [InlineData("a")]
    [InlineData("/a/")]
    [InlineData("//a")]
    [InlineData("/a//b")]
    [InlineData("/./a")]
    [InlineData("/a/..")]
    [InlineData("/a\0")]
    [InlineData("/a\u001f")]
    [InlineData("/a\u0085")]
    [InlineData("/a\ud83d\ude00")]
    [InlineData("/a\uf8ff")]
    [InlineData("/a\uffff")]
    public void Bad_paths_are_refused_before_they_are_sent(string path) => Assert.Throws<ArgumentException>(() => ZooKeeperPath.ThrowIfInvalid(path));

    [Theory]
    [InlineData("", "/x", "/x")]
    [InlineData("/a", "/", "/a")]
    [InlineData("/a", "/b", "/a/b")]
    public void A_chroot_is_put_before_and_taken_off(string chroot, string path, string full)
    {
        Assert.Equal(full, new Chroot(chroot).Prepend(path));
        Assert.Equal(path, new Chroot(chroot).Strip(full));
    }

    [Theory]
    [InlineData("/zookeeper/config")]
    [InlineData("/ab")]
    public void Paths_outside_of_the_chroot_stay(string path) => Assert.Equal(path, new Chroot("/a").Strip(path));

    [Fact]
    public void A_sequential_node_may_be_named_by_its_number_alone() => Assert.Equal("/a/", MultiOp.Create("/a/", null, CreateMode.PersistentSequential).Path);

    [Theory]
    [InlineData(CreateMode.PersistentWithTtl, 0)]
    [InlineData(CreateMode.Persistent, 5)]
    public async Task A_time_to_live_where_it_does_not_belong_is_refused(CreateMode mode, int ttlMilliseconds)
    {
        await using var client = ZooKeeperClient.Start(new ZooKeeperOptions { ConnectString = "127.0.0.1:1", CloseTimeout = TimeSpan.Zero });
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(
            () => client.CreateAsync("/a", null, new NodeSpec(mode, Ttl: TimeSpan.FromMilliseconds(ttlMilliseconds))));
    }

    [Fact]
    public void Secrets_do_not_show_in_texts()
    {
        string[] texts = [AuthInfo.Digest("u", "hidden").ToString(), new SaslCredential("u", "hidden").ToString(), new SessionCredential(1, [104, 105]).ToString()];
        Assert.All(texts, text => Assert.DoesNotContain("hidden", text, StringComparison.Ordinal));
        Assert.Equal(AuthInfo.Digest("u", "p"), AuthInfo.Digest("u", "p"));
        Assert.NotEqual(AuthInfo.Digest("u", "p"), AuthInfo.Digest("u", "q"));
    }
}
