namespace Grid.Samples.Tests.ForkJoin;

[Trait("Lane", "loopback")]
public sealed class ForkJoinRunTests
{
    [Theory]
    [InlineData("T1", 1, "nodes 4,130,071, depth 10, leaves 3,305,118, as published")]
    [InlineData("T1", 3, "nodes 4,130,071, depth 10, leaves 3,305,118, as published")]
    [InlineData("T2", 2, "nodes 4,117,769, depth 81, leaves 2,342,762, as published")]
    [InlineData("T3", 2, "nodes 4,112,897, depth 1,572, leaves 3,599,034, as published")]
    [InlineData("T5", 4, "nodes 4,147,582, depth 20, leaves 2,181,318, as published")]
    public async Task A_tree_has_its_published_size_and_every_node_a_share(string tree, int nodes, string expected)
    {
        var run = await SampleRun.OfSampleAsync("ForkJoin", "uts", "--tree", tree, "--nodes", $"{nodes}");

        Assert.True(run.ExitCode == 0, run.Output + run.Errors);
        Assert.Contains(expected, run.Output, StringComparison.Ordinal);
        Assert.All(Enumerable.Range(1, nodes), node => Assert.Contains($"node-{node} ", run.Output, StringComparison.Ordinal));
        Assert.Contains("nodes/s", run.Output, StringComparison.Ordinal);
        Assert.All(run.Output.Split('\n'), line => Assert.InRange(line.Length, 0, 80));
    }

    [Fact]
    public async Task The_parameters_of_the_reference_program_make_the_same_tree()
    {
        var run = await SampleRun.OfSampleAsync("ForkJoin", "uts", "--type", "0", "--branching", "2000", "--q", "0.124875", "--m", "8", "--seed", "42", "--nodes", "1");

        Assert.StartsWith("nodes 4,112,897, depth 1,572, leaves 3,599,034", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sorting_gives_the_words_of_the_text_in_order()
    {
        using var folder = new TemporaryFolder();
        var output = Path.Combine(folder.Path, "sorted.txt");

        var run = await SampleRun.OfSampleAsync("ForkJoin", "sort", "--nodes", "2", "--output", output);

        Assert.True(run.ExitCode == 0, run.Output + run.Errors);
        var words = (await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "kjv.txt"))).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        Array.Sort(words, StringComparer.Ordinal);
        Assert.Equal(words, await File.ReadAllLinesAsync(output));
    }

    [Theory]
    [InlineData("--tree must be one of", "--tree", "T9")]
    [InlineData("--depth must be at least 1", "--depth", "0")]
    [InlineData("may have no end", "--type", "Binomial", "--m", "4", "--q", "0.25")]
    public async Task What_cannot_be_counted_is_refused_with_a_message(string message, params string[] arguments)
    {
        var run = await SampleRun.OfSampleAsync("ForkJoin", ["uts", .. arguments]);

        Assert.Equal(1, run.ExitCode);
        Assert.Contains(message, run.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", run.Errors, StringComparison.Ordinal);
    }
}
