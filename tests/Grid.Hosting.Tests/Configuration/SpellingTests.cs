namespace Grid.Hosting.Tests.Configuration;

public sealed class SpellingTests
{
    [Theory]
    [InlineData("", "", 0)]
    [InlineData("kitten", "sitting", 3)]
    [InlineData("abc", "", 3)]
    [InlineData("", "abc", 3)]
    [InlineData("flaw", "lawn", 2)]
    public void The_distance_counts_insertions_deletions_and_replacements(string from, string to, int expected) =>
        Assert.Equal(expected, Spelling.GetDistance(from, to));

    [Theory]
    [InlineData("node:slot", "Node:Slots")]
    [InlineData("Cluser", "Cluster")]
    [InlineData("Nodes:Name", "Node:Name")]
    [InlineData("Telemetry:Endpoint", null)]
    public void The_nearest_word_is_found_when_it_is_near(string wrong, string? expected) =>
        Assert.Equal(expected, Spelling.FindNearest(wrong, ["Cluster", "Node:Slots", "Node:Name"]));

    [Fact]
    public void Among_no_words_there_is_no_nearest() => Assert.Null(Spelling.FindNearest("x", []));
}
