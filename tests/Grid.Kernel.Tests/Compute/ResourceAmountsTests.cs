namespace Grid.Kernel.Tests.Compute;

[Trait("Lane", "pure")]
public sealed class ResourceAmountsTests
{
    [Fact]
    public void Equal_amounts_are_equal_in_whatever_order_they_were_named()
    {
        var left = ResourceAmounts.Of(("gpu", 1), ("license", 2));
        var right = ResourceAmounts.Of(("license", 2), ("gpu", 1));

        Assert.Equal(left, right);
        Assert.Equal(left.GetHashCode(), right.GetHashCode());
        Assert.Equal("1 gpu, 2 license", right.ToString());
        Assert.NotEqual(left, ResourceAmounts.Of(("gpu", 1), ("license", 3)));
        Assert.Equal((2, 0), (left["license"], left["disk"]));
    }

    [Theory]
    [InlineData("", 1)]
    [InlineData("two words", 1)]
    [InlineData("gpu", 0)]
    [InlineData("gpu", -1)]
    [InlineData("gpu", 1_000_000_001)]
    public void What_is_not_accepted_is_refused_by_name(string name, int amount) =>
        Assert.Contains(name, Assert.Throws<ArgumentException>(() => ResourceAmounts.Of((name, amount))).Message, StringComparison.Ordinal);

    [Fact]
    public void A_name_that_stands_twice_is_refused() =>
        Assert.Contains("gpu is named twice", Assert.Throws<ArgumentException>(() => ResourceAmounts.Of(("gpu", 1), ("gpu", 2))).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData(2, null)]
    [InlineData(3, "has 2 gpu, and 3 are needed")]
    public void A_node_is_excluded_by_what_it_lacks(int needed, string? reason)
    {
        var node = Nodes.Make(1) with { Attributes = Nodes.Make(1).Attributes.Add("resource.gpu", "2") };

        Assert.Equal(reason, NodeSelector.WithResources(ResourceAmounts.Of(("gpu", needed))).Explain(node));
        Assert.Equal("has no disk, and 1 is needed", NodeSelector.WithResources(ResourceAmounts.Of(("disk", 1))).Explain(node));
    }
}
