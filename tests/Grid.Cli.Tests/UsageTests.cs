using System.Net;
using System.Net.Sockets;

namespace Grid.Cli.Tests;

/// <summary>What needs no cluster.</summary>
[Trait("Lane", "processes")]
public sealed class UsageTests
{
    private static readonly Dictionary<string, string> Nothing = [];

    [Fact]
    public async Task A_worker_that_is_told_to_stop_while_it_starts_ends_well()
    {
        // A registry that takes connections and says nothing.
        using var registry = new TcpListener(IPAddress.Loopback, 0);
        registry.Start();
        await using var worker = GridProcess.Start(
            Nothing, "node", "--Grid:Cluster=demo", "--Grid:Discovery:Provider=ZooKeeper", $"--Grid:Discovery:ZooKeeper:ConnectionString={registry.LocalEndpoint}");
        using var connection = await registry.AcceptTcpClientAsync();

        await worker.SignalAsync("TERM");

        var ended = await worker.WaitAsync();
        Assert.True(ended.ExitCode == 0, $"exit code {ended.ExitCode}: {ended.Errors}");
    }

    [Theory]
    [InlineData("node")]
    [InlineData("nodes")]
    [InlineData("run")]
    [InlineData("jobs")]
    [InlineData("cancel")]
    [InlineData("explain")]
    [InlineData("top")]
    [InlineData("drain")]
    [InlineData("doctor")]
    public async Task The_help_of_each_verb_teaches_by_examples(string verb)
    {
        var result = (await GridProcess.RunAsync(Nothing, verb, "--help")).Expect(0);

        Assert.Matches($@"\nExamples:\n(  .*\n)*  grid {verb}( |\n)", result.Output);
    }

    [Fact]
    public async Task The_help_lists_the_verbs_and_the_exit_codes()
    {
        var result = (await GridProcess.RunAsync(Nothing, "--help")).Expect(0);

        Assert.Contains("Exit codes: 0 done, 1 the job failed, 2 usage, 3 no cluster reachable.", result.Output, StringComparison.Ordinal);
        Assert.All(["node", "nodes", "run", "jobs", "cancel", "explain", "top", "drain", "doctor"], verb => Assert.Contains(result.Lines, line => line.StartsWith($"  {verb} ", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Without_a_command_the_help_is_printed()
    {
        var help = (await GridProcess.RunAsync(Nothing, "--help")).Expect(0);

        Assert.Equal(help.Output, (await GridProcess.RunAsync(Nothing)).Expect(2).Output);
    }

    [Theory]
    [InlineData("Try: grid --help", "bogus")]
    [InlineData("grid has no command 'bogus'. There are: node, nodes, top,", "bogus")]
    [InlineData("Try: grid run --help", "run")]
    [InlineData("Try: grid cancel --help", "cancel")]
    [InlineData("Try: grid nodes --help", "nodes", "--colour")]
    [InlineData("--wait must be 0.1 to 3600 seconds.", "nodes", "--wait", "0")]
    [InlineData("--wait must be 0.1 to 3600 seconds.", "nodes", "--wait", "soon")]
    [InlineData("Required argument missing for option: '--wait'.", "nodes", "--wait")]
    [InlineData("zookeeper://zk1:2181/grid names no cluster. Add it:", "nodes", "--connect", "zookeeper://zk1:2181/grid")]
    [InlineData("Write a key as --Grid:Key=value,", "node", "--Grid:Cluster=demo")]
    [InlineData("--refresh must be 0.2 to 3600 seconds.", "top", "--refresh", "0")]
    [InlineData("Which cluster? Set GRID_CONNECT", "nodes")]
    [InlineData("Which cluster? Set GRID_CONNECT", "doctor")]
    [InlineData("grid node does not know 'foo'", "node", "foo")]
    [InlineData("Grid:Discovery:Provider: the value is missing", "node", "--Grid:Cluster=demo")]
    [InlineData("There is no file", "run", "absent.dll", "A.B", "--connect", "inmemory://x?cluster=y")]
    [InlineData("No discovery provider reads consul://", "nodes", "--connect", "consul://x?cluster=y")]
    public async Task Bad_usage_is_told_and_the_exit_code_is_2(string message, params string[] arguments)
    {
        var result = (await GridProcess.RunAsync(Nothing, arguments)).Expect(2);

        Assert.Contains(message, result.Errors, StringComparison.Ordinal);
        Assert.Equal("", result.Output);
    }
}
