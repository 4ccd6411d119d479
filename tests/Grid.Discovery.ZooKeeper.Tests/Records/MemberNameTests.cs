using Grid.Discovery.ZooKeeper.Records;

namespace Grid.Discovery.ZooKeeper.Tests.Records;

public sealed class MemberNameTests
{
    private const string Id = "000000000000000000000000000000ff";

    [Theory]
    [InlineData(1, 0, Id)]
    [InlineData(1, 1, Id + ".1.1")]
    [InlineData(2, 0, Id + ".2.0")]
    [InlineData(long.MaxValue, int.MaxValue, Id + ".9223372036854775807.2147483647")]
    public void A_name_is_written_and_read_back(long incarnation, int revision, string text)
    {
        var name = new MemberName(new NodeKey(new NodeId(255), incarnation), revision);

        Assert.Equal(text, name.ToString());
        Assert.True(MemberName.TryParse(text, out var parsed));
        Assert.Equal(name, parsed);
    }

    [Theory]
    [InlineData("")]
    [InlineData("junk")]
    [InlineData("000000000000000000000000000000FF")]
    [InlineData(Id + ".1.0")]
    [InlineData(Id + ".01.1")]
    [InlineData(Id + ".0.1")]
    [InlineData(Id + ".1")]
    [InlineData(Id + ".1.")]
    [InlineData(Id + ".")]
    [InlineData(Id + "x")]
    [InlineData(Id + ".1.1.1")]
    [InlineData(Id + ".-1.1")]
    [InlineData(Id + ".1.99999999999")]
    public void Anything_but_the_one_form_is_no_name(string text) => Assert.False(MemberName.TryParse(text, out _));

    [Theory]
    [InlineData(Id + ".1", true)]
    [InlineData(Id + ".0", false)]
    [InlineData(Id + ".01", false)]
    [InlineData(Id, false)]
    [InlineData("junk.1", false)]
    public void A_tombstone_is_read_in_its_one_form(string text, bool isOne) =>
        Assert.Equal(isOne ? new NodeKey(new NodeId(255), 1) : null, TombstoneName.TryParse(text));
}
