namespace Grid.Cli.Tests;

[Trait("Lane", "processes")]
public sealed class RunCommandTests(FileCluster cluster) : IClassFixture<FileCluster>
{
    [Theory]
    [InlineData("5", "Sums.Add", "2", "3")]
    [InlineData("12", "Grid.Cli.Jobs.Sums.Add", "2")]
    [InlineData("-1", "Sums.Add", "--", "2", "-3")]
    [InlineData("1.5 True 2026-01-31 Green 6", "Sums.Describe", "1.5", "true", "2026-01-31", "green", "[1,2,3]")]
    [InlineData("""{"X":2,"Y":1}""", "Sums.MirrorAsync", """{"x":1,"y":2}""")]
    [InlineData("3", "Sums.Main", "a", "b c", "--", "--d")]
    [InlineData("worker-2", "Sums.Where", "--node", "worker-2")]
    public async Task What_the_method_returns_is_printed(string expected, string method, params string[] arguments)
    {
        var result = (await RunAsync([method, .. arguments])).Expect(0);

        Assert.Equal([expected], result.Lines);
    }

    [Fact]
    public async Task What_the_method_logs_and_prints_and_its_progress_come_back_on_standard_error()
    {
        var result = (await RunAsync("Sums.Talk", "3", "--node", "worker-1")).Expect(0);

        Assert.Equal("", result.Output);
        var lines = result.Errors.TrimEnd('\n').Split('\n');
        Assert.Equal(
            ["worker-1 | step 1", "worker-1 | printed 1", "worker-1 | step 2", "worker-1 | printed 2", "worker-1 | step 3", "worker-1 | printed 3", "worker-1 | an unfinished line"],
            lines.Where(line => !line.Contains('%', StringComparison.Ordinal)));
        Assert.Equal("worker-1 | 100% talking", lines.Last(line => line.Contains('%', StringComparison.Ordinal)).Replace(" %", "%", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_quiet_run_prints_the_result_only()
    {
        var result = (await RunAsync("Sums.Talk", "3", "--quiet")).Expect(0);

        Assert.Equal(("", ""), (result.Output, result.Errors));
    }

    [Fact]
    public async Task A_job_that_throws_is_told_with_its_type_and_where()
    {
        var result = await RunAsync("Sums.Divide", "1", "0");

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("System.DivideByZeroException", result.Errors, StringComparison.Ordinal);
        Assert.StartsWith("   at Grid.Cli.Jobs.Sums.Divide(", result.Errors.TrimEnd('\n').Split('\n')[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_job_that_takes_too_long_is_given_up() =>
        Assert.Contains("did not end within its time", (await RunAsync("Sums.Endless", "--timeout", "0.5")).Expect(1).Errors, StringComparison.Ordinal);

    [Fact]
    public async Task A_job_for_a_worker_that_does_not_exist_says_why_nobody_takes_it() =>
        Assert.Contains("cannot run on any of the 2 members", (await RunAsync("Sums.Add", "1", "--node", "nobody")).Expect(1).Errors, StringComparison.Ordinal);

    [Theory]
    [InlineData("Argument 2 (right): 'x' is not a value of Int32.", "Sums.Add", "1", "x")]
    [InlineData("Accepted: Red, Green.", "Sums.Describe", "1", "true", "2026-01-31", "blue", "[]")]
    [InlineData("It is read as JSON.", "Sums.Describe", "1", "true", "2026-01-31", "red", "1;2")]
    [InlineData("Sums.Add does not take 3 arguments: Sums.Add(Int32 left, Int32 right).", "Sums.Add", "1", "2", "3")]
    [InlineData("has no static method Sums.Multiply. It has:", "Sums.Multiply")]
    [InlineData("'Add' is not of the form Type.Method.", "Add", "1")]
    [InlineData("--timeout must be 0.001 to 1000000000 seconds.", "Sums.Add", "1", "--timeout", "-1")]
    public async Task A_call_that_cannot_be_made_is_refused_before_it_is_sent(string message, string method, params string[] arguments)
    {
        var result = (await RunAsync([method, .. arguments])).Expect(2);

        Assert.Contains(message, result.Errors.Replace('\n', ' '), StringComparison.Ordinal);
    }

    private Task<GridResult> RunAsync(params string[] arguments) => GridProcess.RunAsync(cluster.Environment, ["run", FileCluster.Jobs, .. arguments]);
}
