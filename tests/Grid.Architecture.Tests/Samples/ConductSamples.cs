using Grid.Architecture.Tests.Rules;

namespace Grid.Architecture.Tests.Samples;

/// <summary>Samples for the rules on tests, leftovers and what ties the repository to a machine.</summary>
internal static class ConductSamples
{
    public static IReadOnlyList<Sample> All { get; } =
    [
        new(nameof(TestHygiene), "A sleep", "waits for a while", Test("[Fact] void A() { Thread.Sleep(5); Assert.True(b); }")),
        new(nameof(TestHygiene), "A delay", "waits for a while", Test("[Fact] async Task A() { await Task.Delay(100, ct); Assert.True(b); }")),
        new(nameof(TestHygiene), "A test switched off", "switches a test off", Test("[Fact(Skip = \"later\")] void A() { Assert.True(b); }")),
        new(nameof(TestHygiene), "A test without an assertion", "A asserts nothing", Test("[Theory] void A() { new Grid().Run(); }")),
        new(nameof(TestHygiene), "A stopwatch as a judge", "wall-clock", Test("[Fact] void A() { var w = Stopwatch.StartNew(); Assert.True(w.Elapsed < limit); }")),
        new(nameof(TestHygiene), "Waits on conditions, an assertion in another method", null,
            Test("[Fact] async Task A() { await Task.Delay(Timeout.Infinite, ct); await Task.Delay(second, clock); Verify(); } void Verify() { Inner(); } void Inner() => Assert.True(b);")),

        new(nameof(UnfinishedCode), "A stub", "is a stub", Code("class A { void M() => throw new NotImplementedException(); }")),
        new(nameof(UnfinishedCode), "A note without an issue", "without an issue number", Code("class A; // TODO later")),
        new(nameof(UnfinishedCode), "A region", "opens a region", Code("#region A\nclass A;\n#endregion")),
        new(nameof(UnfinishedCode), "A swallowed exception", "swallows", Code("class A { void M() { try { } catch (Exception) { } } }")),
        new(nameof(UnfinishedCode), "A note with its issue, a swallowed exception with its reason", null,
            Code("class A { // TODO #12: later\nvoid M() { try { } catch (Exception) { // The peer is gone: nothing is left to close.\n } } }")),

        new(nameof(MachineWords), "A home folder", "a path of one machine", ("a.md", "see /home/ann/grid")),
        new(nameof(MachineWords), "A private top folder", "a path of one machine", ("a.sh", "cd /root/grid")),
        new(nameof(MachineWords), "A Windows home folder", "a path of one machine", ("a.md", "C:\\Users\\ann")),
        new(nameof(MachineWords), "A package source", "an address of a package source", ("a.json", "\"https://packages.example.org/v3/index.json\"")),
        new(nameof(MachineWords), "A private host", "a host of a private network", ("a.json", "\"https://builds.example.corp/a\"")),
        new(nameof(MachineWords), "The machine's package configuration", "belongs to the machine", ("nuget.config", "<configuration/>")),
        new(nameof(MachineWords), "Relative and public names", null, ("a.md", "../tests/work/a, $HOME/x, /var/lib/grid/checkpoints, https://example.org/a, zookeeper://127.0.0.1:2181/grid")),
    ];

    private static (string Path, string Text) Code(string text) => ("src/P/A.cs", text);

    private static (string Path, string Text) Test(string members) => ("tests/Grid.X.Tests/T.cs", $"class T {{ {members} }}");
}
