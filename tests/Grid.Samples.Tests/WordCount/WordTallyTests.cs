using System.Text;
using Grid.Samples.WordCount;

namespace Grid.Samples.Tests.WordCount;

public sealed class WordTallyTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("God said, Let there be light: and there was light.", "and=1 be=1 god=1 let=1 light=2 said=1 there=2 was=1")]
    [InlineData("don't", "don=1 t=1")]
    [InlineData("The the THE", "the=3")]
    [InlineData("a1b_c\0d", "a=1 b=1 c=1 d=1")]
    [InlineData("naïve [\\]^_` @{|}~", "na=1 ve=1")]
    public void A_word_is_a_maximal_run_of_ascii_letters_in_lower_case(string text, string expected)
    {
        var counts = WordTally.Count(Encoding.UTF8.GetBytes(text));

        Assert.Equal(expected, string.Join(' ', counts.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key}={pair.Value}")));
    }

    [Fact]
    public void A_word_may_be_long()
    {
        var word = new string('x', 5000);

        Assert.Equal([KeyValuePair.Create(word, 2)], WordTally.Count(Encoding.ASCII.GetBytes(word + " " + word)));
    }

    [SkippableFact]
    public async Task The_counts_of_the_bible_in_chunks_equal_those_of_coreutils()
    {
        using var folder = new TemporaryFolder();
        var total = new CountResult();
        await foreach (var chunk in InputText.Find([Coreutils.KingJamesBible]).ReadChunksAsync(chunkBytes: 10_007))
        {
            total.Add(new ChunkCount("here", chunk.Length, WordTally.Count(chunk)));
        }

        var output = new FileInfo(Path.Combine(folder.Path, "words.tsv"));
        total.Save(output);

        Assert.Equal(await Coreutils.CountAsync(Coreutils.KingJamesBible), await File.ReadAllTextAsync(output.FullName));
    }
}
