namespace Grid.Cli.Tests;

/// <summary>Trees of the ForkJoin sample counted by worker processes that have never seen it.</summary>
[Trait("Lane", "processes")]
public sealed class ComputationTests(FileCluster cluster) : IClassFixture<FileCluster>
{
    private const int Repetitions = 6;
    private const string T1 = "nodes 4,130,071, depth 10, leaves 3,305,118, as published";
    private const string T2 = "nodes 4,117,769, depth 81, leaves 2,342,762, as published";
    private const string T3 = "nodes 4,112,897, depth 1,572, leaves 3,599,034, as published";
    private const string T5 = "nodes 4,147,582, depth 20, leaves 2,181,318, as published";

    [Theory]
    [InlineData("T1", T1, 2)]
    [InlineData("T2", T2, 2)]
    [InlineData("T3", T3, 2)]
    [InlineData("T5", T5, 2)]
    [InlineData("T1", T1, 4)]
    [InlineData("T3", T3, 4)]
    public Task Processes_count_a_tree_together(string tree, string expected, int processes) => CountTogetherAsync(tree, expected, processes);

    [Theory]
    [Trait("Lane", "measurement")]
    [InlineData("T2", T2, 4)]
    [InlineData("T5", T5, 4)]
    public Task Four_processes_count_the_other_trees_together(string tree, string expected, int processes) => CountTogetherAsync(tree, expected, processes);

    [Theory]
    [InlineData("T3", T3)]
    public Task A_process_that_is_killed_and_one_that_is_added_change_nothing(string tree, string expected) => CountWithOneKilledAsync(tree, expected);

    [Theory]
    [Trait("Lane", "measurement")]
    [InlineData("T1", T1)]
    [InlineData("T2", T2)]
    [InlineData("T5", T5)]
    public Task A_process_that_is_killed_and_one_that_is_added_change_no_other_tree(string tree, string expected) => CountWithOneKilledAsync(tree, expected);

    private async Task CountTogetherAsync(string tree, string expected, int processes)
    {
        await cluster.HaveWorkersAsync(processes);
        await using var sample = Count(tree);

        var result = (await sample.WaitAsync()).Expect(0);

        Assert.StartsWith(expected, result.Output, StringComparison.Ordinal);
        Assert.Contains("worker-1", result.Output, StringComparison.Ordinal);
        Assert.Contains("worker-2", result.Output, StringComparison.Ordinal);
    }

    private async Task CountWithOneKilledAsync(string tree, string expected)
    {
        await cluster.HaveWorkersAsync(2);
        await using var sample = Count(tree, "--repeat", $"{Repetitions}");
        await sample.UntilAsync(line => line.StartsWith(expected, StringComparison.Ordinal));
        var (third, _) = await cluster.StartWorkerAsync("added");
        await sample.UntilAsync(line => line.Contains("added", StringComparison.Ordinal));

        // The new one is at work; now it goes without a word.
        await third.SignalAsync("KILL");

        var result = (await sample.WaitAsync()).Expect(0);
        Assert.Equal(Repetitions, result.Lines.Count(line => line == expected));
    }

    private GridProcess Count(string tree, params string[] more) =>
        GridProcess.StartProgram("ForkJoin", cluster.Environment, ["uts", "--tree", tree, "--cluster", cluster.Url(), .. more]);
}
