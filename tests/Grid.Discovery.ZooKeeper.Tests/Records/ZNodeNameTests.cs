using Grid.Discovery.ZooKeeper.Records;
using Grid.ZooKeeper;

namespace Grid.Discovery.ZooKeeper.Tests.Records;

public sealed class ZNodeNameTests
{
    [Theory]
    [InlineData("127.0.0.1:47100", "127.0.0.1:47100")]
    [InlineData("[fe80::1%eth0]:9000", "[fe80::1%25eth0]:9000")]
    [InlineData("a/b", "a%2Fb")]
    [InlineData(".", "%2E")]
    [InlineData("..", "%2E.")]
    [InlineData("...", "...")]
    [InlineData("100%", "100%25")]
    [InlineData("ü 🐝", "%C3%BC%20%F0%9F%90%9D")]
    [InlineData("nul\0", "nul%00")]
    public void Text_is_escaped_to_a_valid_name_and_read_back(string text, string name)
    {
        Assert.Equal(name, ZNodeName.Escape(text));
        Assert.Equal(text, ZNodeName.Unescape(name));
        ZooKeeperPath.ThrowIfInvalid("/" + name);
    }

    [Theory]
    [InlineData("%2f")]
    [InlineData("%41")]
    [InlineData("%")]
    [InlineData("%2")]
    [InlineData("%C3")]
    [InlineData("ü")]
    [InlineData("a b")]
    [InlineData("")]
    public void What_no_text_is_escaped_to_is_not_read(string name) => Assert.Null(ZNodeName.Unescape(name));

    [Fact]
    public void Half_a_surrogate_pair_is_refused() => Assert.Throws<FormatException>(() => ZNodeName.Escape("\ud800"));

    [Fact]
    public void Random_texts_survive_the_round_trip()
    {
        var random = new Random(4711);
        for (var i = 0; i < 2000; i++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(1, 20)).Select(_ => new System.Text.Rune(random.Next(2) == 0 ? random.Next(1, 128) : random.Next(0xE000, 0x10FFFF)).ToString()));

            Assert.Equal(text, ZNodeName.Unescape(ZNodeName.Escape(text)));
            ZooKeeperPath.ThrowIfInvalid("/" + ZNodeName.Escape(text));
        }
    }
}
