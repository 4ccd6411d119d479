using System.Text;
using Grid.Samples.WordCount;

namespace Grid.Samples.Tests.WordCount;

public sealed class InputTextTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Chunks_of_any_size_hold_the_whole_text_and_no_part_of_a_word(int seed)
    {
        using var folder = new TemporaryFolder();
        var random = new Random(seed);
        for (var round = 0; round < 50; round++)
        {
            var text = RandomText(random);
            var input = InputText.Find([folder.Write("a.txt", Encoding.ASCII.GetBytes(text))]);

            var chunks = await ReadAsync(input, random.Next(1, 40));

            Assert.Equal(text, string.Concat(chunks));
            Assert.DoesNotContain(chunks.SkipLast(1), chunk => char.IsAsciiLetter(chunk[^1]));
        }
    }

    [Fact]
    public async Task A_word_does_not_span_two_files()
    {
        using var folder = new TemporaryFolder();
        folder.Write("a.txt", "one tw"u8);
        folder.Write("b.txt", "o three"u8);

        Assert.Equal(["one tw", "o three"], await ReadAsync(InputText.Find([folder.Path]), chunkBytes: 100));
    }

    [Fact]
    public void A_folder_stands_for_its_visible_texts_in_the_order_of_their_names()
    {
        using var folder = new TemporaryFolder();
        folder.Write("b.txt", "b"u8);
        folder.Write("a/c.md", "c"u8);
        folder.Write(".hidden", "h"u8);
        folder.Write("picture.png", 1, 0, 2);

        var input = InputText.Find([folder.Path]);

        Assert.Equal(["a/c.md", "b.txt"], input.Files.Select(file => Path.GetRelativePath(folder.Path, file)));
        Assert.Equal(1, input.BinaryFilesSkipped);
        Assert.Equal(2, input.Bytes);
    }

    [Fact]
    public void A_missing_file_is_named()
    {
        var problem = Assert.Throws<InputException>(() => InputText.Find(["no/such/file"]));

        Assert.Contains("There is no file or folder 'no/such/file'", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_not_text_is_refused()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("a.bin", 1, 0, 2);

        var problem = Assert.Throws<InputException>(() => InputText.Find([path]));

        Assert.Contains("is not a text", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_without_texts_is_refused()
    {
        using var folder = new TemporaryFolder();

        var problem = Assert.Throws<InputException>(() => InputText.Find([folder.Path]));

        Assert.Contains("holds no text file", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_of_letters_without_end_is_refused_before_it_fills_the_memory()
    {
        using var folder = new TemporaryFolder();
        var input = InputText.Find([folder.Write("a.txt", Encoding.ASCII.GetBytes(new string('x', InputText.WordBytesMax + 2)))]);

        var problem = await Assert.ThrowsAsync<InputException>(() => ReadAsync(input, chunkBytes: InputText.WordBytesMax + 1));

        Assert.Contains("which is no word", problem.Message, StringComparison.Ordinal);
    }

    private static async Task<List<string>> ReadAsync(InputText input, int chunkBytes)
    {
        var chunks = new List<string>();
        await foreach (var chunk in input.ReadChunksAsync(chunkBytes))
        {
            chunks.Add(Encoding.ASCII.GetString(chunk));
        }

        return chunks;
    }

    private static string RandomText(Random random) =>
        string.Concat(Enumerable.Range(0, random.Next(0, 60)).Select(_ => new string((char)random.Next('a', 'z' + 1), random.Next(1, 12)) + new string(' ', random.Next(0, 3))));
}
