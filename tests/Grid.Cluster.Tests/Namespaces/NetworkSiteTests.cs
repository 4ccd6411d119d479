using System.Diagnostics;
using Grid.Testing.Namespaces;

namespace Grid.Cluster.Tests;

/// <summary>The machines of the tests themselves: what they leave behind, and that a cut cuts.</summary>
[Trait("Lane", "processes")]
[Collection(nameof(OneSiteAtATime))]
public sealed class NetworkSiteTests
{
    [SkippableFact]
    public async Task Machines_of_a_test_run_that_died_are_removed_with_what_runs_in_them()
    {
        Skip.If(NetworkSite.Absence() is not null, NetworkSite.Absence());
        var left = $"gridns-{int.MaxValue}-1-1-left";
        await RunAsync("netns", "add", left);
        using var forgotten = Process.Start("ip", ["netns", "exec", left, "tail", "-f", "/dev/null"]);

        await using var site = await NetworkSite.CreateAsync("one");

        await forgotten.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(30));
        var names = await RunAsync("netns", "list");
        Assert.DoesNotContain(left, names, StringComparison.Ordinal);
        Assert.Contains(site.Namespace("one"), names, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task A_cut_is_between_two_machines_only_until_it_is_healed()
    {
        Skip.If(NetworkSite.Absence() is not null, NetworkSite.Absence());
        await using var site = await NetworkSite.CreateAsync("a", "b", "c");
        Assert.True(await ReachesAsync(site, "a", "b"));

        await site.CutAsync("a", "b");
        Assert.False(await ReachesAsync(site, "a", "b"));
        Assert.False(await ReachesAsync(site, "b", "a"));
        Assert.True(await ReachesAsync(site, "a", "c"));
        Assert.True(await ReachesAsync(site, "c", "b"));

        await site.HealAsync();
        Assert.True(await ReachesAsync(site, "a", "b"));
    }

    // Nobody listens at the port: a machine that is reached refuses at once, one that is not never answers.
    private static async Task<bool> ReachesAsync(NetworkSite site, string from, string to)
    {
        using var bash = Process.Start("ip", ["netns", "exec", site.Namespace(from), "timeout", "2", "bash", "-c", $"exec 2>/dev/null; echo >/dev/tcp/{site.Address(to)}/9"]);
        await bash.WaitForExitAsync();
        Assert.True(bash.ExitCode is 1 or 124, $"bash ended with {bash.ExitCode}.");
        return bash.ExitCode == 1;
    }

    private static async Task<string> RunAsync(params string[] arguments)
    {
        using var ip = Process.Start(new ProcessStartInfo("ip", arguments) { RedirectStandardOutput = true })!;
        var output = await ip.StandardOutput.ReadToEndAsync();
        await ip.WaitForExitAsync();
        Assert.Equal(0, ip.ExitCode);
        return output;
    }
}
