namespace Grid.Samples.Tests.WordCount;

/// <summary>The same count by the tools of the operating system: the independent judge.</summary>
internal static class Coreutils
{
    private const string Pipeline = """LC_ALL=C; export LC_ALL; tr -cs 'A-Za-z' '\n' < "$0" | tr A-Z a-z | grep . | sort | uniq -c | awk '{ print $2 "\t" $1 }'""";

    public static string KingJamesBible => Path.Combine(AppContext.BaseDirectory, "kjv.txt");

    /// <summary>Lines of word, tab, count in the order of the words' bytes.</summary>
    public static async Task<string> CountAsync(string file)
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "tr, sort, uniq and awk are expected on Linux only");
        var run = await SampleRun.OfAsync("bash", "-c", Pipeline, file);
        Assert.True(run.ExitCode == 0, run.Errors);
        return run.Output;
    }
}
