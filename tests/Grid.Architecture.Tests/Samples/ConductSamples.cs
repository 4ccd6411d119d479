using Grid.Architecture.Tests.Rules;

namespace Grid.Architecture.Tests.Samples;

/// <summary>Samples for the rules on tests, leftovers and what ties the repository to a machine.</summary>
internal static class ConductSamples
{
    private static readonly (string Path, string Text) Suite = ("tests/Grid.Testing/DiscoveryConformance.cs", "public abstract class DiscoveryConformance;");
    private static readonly (string Path, string Text) Provider = ("spi/Grid.Discovery.X/Grid.Discovery.X.csproj", "<Project/>");

    private static readonly (string Path, string Text) TestProject =
        ("tests/Grid.X.Tests/Grid.X.Tests.csproj", "<Project><ProjectReference Include=\"../../spi/Grid.Discovery.X/Grid.Discovery.X.csproj\"/></Project>");

    public static IReadOnlyList<Sample> All { get; } =
    [
        new(nameof(TestHygiene), "A sleep", "waits for a while", Test("[Fact] void A_is_b() { Thread.Sleep(5); Assert.True(b); }")),
        new(nameof(TestHygiene), "A delay", "waits for a while", Test("[Fact] async Task A_is_b() { await Task.Delay(100, ct); Assert.True(b); }")),
        new(nameof(TestHygiene), "A test switched off", "switches a test off", Test("[Fact(Skip = \"later\")] void A_is_b() { Assert.True(b); }")),
        new(nameof(TestHygiene), "A test without an assertion", "A_is_b asserts nothing", Test("[Theory] void A_is_b() { new Grid().Run(); }")),
        new(nameof(TestHygiene), "A stopwatch as a judge", "wall-clock", Test("[Fact] void A_is_b() { var w = Stopwatch.StartNew(); Assert.True(w.Elapsed < limit); }")),
        new(nameof(TestHygiene), "Waits on conditions, an assertion in another method", null,
            Test("[Fact] async Task A_is_b() { await Task.Delay(Timeout.Infinite, ct); await Task.Delay(second, clock); await Task.Delay(Timeout.Infinite); Verify(); } void Verify() { Inner(); } void Inner() => Assert.True(b); void Guard() { Assert.True(Stopwatch.StartNew().Elapsed < limit); }")),

        new(nameof(TestHygiene), "A lane that nobody runs", "does not know", Test("[Fact, Trait(\"Lane\", \"cluster\")] void A_is_b() { Assert.True(b); }")),
        new(nameof(TestHygiene), "A name that is no sentence", "is no sentence", Test("[Fact] void TestNode1() { Assert.True(b); }")),

        new(nameof(NoBlocking), "A thread blocked on a task", "blocks a thread", Code("class A { int M() => F().GetAwaiter().GetResult(); }")),
        new(nameof(NoBlocking), "An async void", "is async void", Code("class A { async void M() { await F(); } }")),
        new(nameof(NoBlocking), "A task awaited", null, Code("class A { async Task M() { await F(); } int GetResult() => 1; }")),

        new(nameof(ProvidersConform), "A provider without its suite", "is not put through DiscoveryConformance", [Suite, Provider, TestProject]),
        new(nameof(ProvidersConform), "A provider in its suite", null,
            [Suite, Provider, TestProject, ("tests/Grid.X.Tests/XTests.cs", "public sealed class XDiscoveryTests() : DiscoveryConformance(new XFixture());")]),

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

        new(nameof(DocumentLinks), "A link into the void", "links to gone.md", ("a/README.md", "see [this](gone.md#part)")),
        new(nameof(DocumentLinks), "A command for a project that is not there", "has a command for the project samples/Gone", ("README.md", "dotnet run -c Release --project samples/Gone")),
        new(nameof(DocumentLinks), "Links and commands that lead somewhere", null,
            ("a/README.md", "[up](../README.md), [folder](../tests), [site](https://example.org/a), dotnet test tests/T"), ("README.md", "x"), ("tests/T/T.csproj", "<Project/>")),
    ];

    private static (string Path, string Text) Code(string text) => ("src/P/A.cs", text);

    private static (string Path, string Text) Test(string members) => ("tests/Grid.X.Tests/T.cs", $"class T {{ {members} }}");
}
