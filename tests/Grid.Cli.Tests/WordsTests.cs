using Grid.Cli.Output;

namespace Grid.Cli.Tests;

[Trait("Lane", "pure")]
public sealed class WordsTests
{
    [Fact]
    public void Long_lines_are_broken_between_words_and_keep_their_indent()
    {
        var words = string.Join(' ', Enumerable.Repeat("word", 40));

        var lines = Words.Wrap($"short\n  - {words}").Split(Environment.NewLine);

        Assert.Equal("short", lines[0]);
        Assert.StartsWith("  - word word", lines[1], StringComparison.Ordinal);
        Assert.All(lines.Skip(2), line => Assert.StartsWith("    word", line, StringComparison.Ordinal));
        Assert.All(lines, line => Assert.InRange(line.Length, 1, 80));
        Assert.Equal(40, lines.Skip(1).Sum(line => line.Split("word").Length - 1));
    }

    [Theory]
    [InlineData("short", "short")]
    [InlineData("exactly-10", "exactly-10")]
    [InlineData("more than ten", "more than…")]
    [InlineData("a\u001b[31mb", "a·[31mb")]
    public void What_is_too_long_is_cut_and_what_controls_a_terminal_is_not_printed(string text, string expected) => Assert.Equal(expected, Words.Cut(text, 10));

    [Theory]
    [InlineData(0.04, "0.0 s")]
    [InlineData(59.94, "59.9 s")]
    [InlineData(61, "1m 01s")]
    [InlineData(3661, "1h 01m")]
    [InlineData(90_000, "1d 01h")]
    public void Durations_are_told_in_two_units(double seconds, string expected) => Assert.Equal(expected, Words.Duration(TimeSpan.FromSeconds(seconds)));
}
