using Grid.ZooKeeper.Servers;

namespace Grid.ZooKeeper.Tests.Servers;

public sealed class ConnectStringTests
{
    [Theory]
    [InlineData("zk1", "zk1:2181", "")]
    [InlineData("zk1:1,zk2:2", "zk1:1 zk2:2", "")]
    [InlineData(" zk1 , zk2:2 /a/b", "zk1:2181 zk2:2", "/a/b")]
    [InlineData("[::1]:99,[fe80::1%eth0]", "[::1]:99 [fe80::1%eth0]:2181", "")]
    [InlineData("h/", "h:2181", "")]
    public void Well_formed_strings_are_taken_apart(string text, string servers, string chroot)
    {
        var parsed = ConnectString.Parse(text);
        Assert.Equal(servers, string.Join(' ', parsed.Servers));
        Assert.Equal(chroot, parsed.Chroot.Prefix);
    }

    [Theory]
    [InlineData("")]
    [InlineData("/only/chroot")]
    [InlineData("h:0")]
    [InlineData("h:65536")]
    [InlineData("h:")]
    [InlineData(":1")]
    [InlineData("::1")]
    [InlineData("[::1")]
    [InlineData("[]:1")]
    [InlineData("[::1]x")]
    [InlineData("h/a//b")]
    [InlineData("h/a/")]
    public void Malformed_strings_are_refused_with_the_string_in_the_message(string text)
    {
        var error = Assert.Throws<FormatException>(() => ConnectString.Parse(text));
        Assert.Contains(text, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void All_faults_of_the_options_come_in_one_message()
    {
        var options = new ZooKeeperOptions { ConnectString = "h:x", SessionTimeout = TimeSpan.Zero, RequestsMax = 0 };
        var error = Assert.Throws<ArgumentException>(options.Validate);
        Assert.All(["'x'", "SessionTimeout", "RequestsMax"], part => Assert.Contains(part, error.Message, StringComparison.Ordinal));
    }
}
