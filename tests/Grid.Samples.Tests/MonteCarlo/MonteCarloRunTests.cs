using System.Text.RegularExpressions;

namespace Grid.Samples.Tests.MonteCarlo;

[Trait("Lane", "loopback")]
public sealed partial class MonteCarloRunTests
{
    [Fact]
    public async Task The_price_is_the_same_to_the_last_digit_on_one_node_and_on_three()
    {
        var one = await SampleRun.OfSampleAsync("MonteCarlo", "--nodes", "1", "--paths", "1000000", "--seed", "7");
        var three = await SampleRun.OfSampleAsync("MonteCarlo", "--nodes", "3", "--paths", "1000000", "--seed", "7");

        Assert.True(one.ExitCode == 0 && three.ExitCode == 0, one.Errors + three.Errors);
        Assert.Equal(5, Rows(one).Count);
        Assert.Equal(Rows(one), Rows(three));
    }

    private static List<string> Rows(SampleRun run) => [.. run.Output.Split('\n').Where(line => Row().IsMatch(line))];

    [GeneratedRegex(@"^ *[0-9,]+ +[0-9.]+ +[0-9.]+ +[+-]")]
    private static partial Regex Row();
}
