namespace Grid.Cli.Tests;

/// <summary>How a run of the command ended.</summary>
public sealed record GridResult(int ExitCode, string Output, string Errors)
{
    /// <summary>The lines of the output, without what pads them on the right.</summary>
    public string[] Lines => [.. Output.TrimEnd('\n').Split('\n').Select(line => line.TrimEnd())];

    /// <summary>Fails with both streams unless it ended as expected and what is for people fits a terminal of 80 columns.</summary>
    public GridResult Expect(int exitCode)
    {
        Assert.True(ExitCode == exitCode, $"exit code {ExitCode} instead of {exitCode}\n{Output}{Errors}");
        var isJson = Output.StartsWith('{') || Output.StartsWith('[');
        Assert.All((isJson ? Errors : $"{Output}{Errors}").Split('\n'), line => Assert.True(line.TrimEnd().Length <= 80, $"{line.Length} columns: {line}"));
        return this;
    }
}
