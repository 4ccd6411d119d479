namespace Grid.Samples.Tests.WordCount;

[Trait("Lane", "loopback")]
public sealed class WordCountRunTests
{
    [SkippableFact]
    public async Task Three_nodes_count_the_bible_like_coreutils_and_each_does_a_part()
    {
        using var folder = new TemporaryFolder();
        var output = Path.Combine(folder.Path, "words.tsv");

        var run = await SampleRun.OfSampleAsync("WordCount", "--nodes", "3", "--output", output);

        Assert.True(run.ExitCode == 0, run.Output + run.Errors);
        Assert.Equal(await Coreutils.CountAsync(Coreutils.KingJamesBible), await File.ReadAllTextAsync(output));
        Assert.Contains("791,450 words", run.Output, StringComparison.Ordinal);
        Assert.Equal(3, run.Output.Split('\n').Count(line => line.TrimStart().StartsWith("node-", StringComparison.Ordinal) && line.Contains('%', StringComparison.Ordinal)));
        Assert.All(run.Output.Split('\n'), line => Assert.InRange(line.Length, 0, 80));
    }

    [Fact]
    public async Task Bad_input_ends_with_its_message_and_without_a_stack()
    {
        var run = await SampleRun.OfSampleAsync("WordCount", "--input", "no/such/file");

        Assert.Equal(1, run.ExitCode);
        Assert.StartsWith("There is no file or folder 'no/such/file'", run.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", run.Errors, StringComparison.Ordinal);
    }
}
