using Grid.Architecture.Tests.Rules;

namespace Grid.Architecture.Tests.Samples;

/// <summary>Samples for the rules on dependencies.</summary>
internal static class ArrowSamples
{
    private const string Kernel = "src/Grid.Kernel/Grid.Kernel.csproj";
    private const string Empty = "<Project/>";

    public static IReadOnlyList<Sample> All { get; } =
    [
        new(nameof(ProjectArrows), "An SPI references the kernel", "references src/Grid.Kernel",
            ("spi/Grid.Discovery.X/Grid.Discovery.X.csproj", Reference("../../src/Grid.Kernel/Grid.Kernel.csproj"))),
        new(nameof(ProjectArrows), "A client library references the contracts", "may reference none",
            ("spi/Grid.Consul/Grid.Consul.csproj", Reference("../../src/Grid.Abstractions/Grid.Abstractions.csproj"))),
        new(nameof(ProjectArrows), "A provider references another provider", "references spi/Grid.Discovery.Y",
            ("spi/Grid.Discovery.X/Grid.Discovery.X.csproj", Reference("../Grid.Discovery.Y/Grid.Discovery.Y.csproj"))),
        new(nameof(ProjectArrows), "A sample reaches past Hosting", "references src/Grid.Kernel",
            ("samples/S/S.csproj", Reference("../../src/Grid.Kernel/Grid.Kernel.csproj"))),
        new(nameof(ProjectArrows), "The contracts take a package", "package Newtonsoft.Json",
            ("src/Grid.Abstractions/Grid.Abstractions.csproj", "<Project><PackageReference Include=\"Newtonsoft.Json\"/></Project>")),
        new(nameof(ProjectArrows), "The kernel takes the web framework", "package Microsoft.AspNetCore.App",
            (Kernel, "<Project><FrameworkReference Include=\"Microsoft.AspNetCore.App\"/></Project>")),
        new(nameof(ProjectArrows), "A project that nobody decided on", "no row in the arrow table", ("src/Grid.New/Grid.New.csproj", Empty)),
        new(nameof(ProjectArrows), "A provider on its own client library, with an analyzer", null,
            ("spi/Grid.Discovery.X/Grid.Discovery.X.csproj",
                "<Project><ProjectReference Include=\"../Grid.X/Grid.X.csproj\"/><PackageReference Include=\"Some.Analyzer\" PrivateAssets=\"all\"/></Project>")),

        new(nameof(NamespaceArrows), "A sample uses the kernel through a transitive reference", "uses Grid.Kernel of src/Grid.Kernel",
            (Kernel, Empty), ("src/Grid.Kernel/A.cs", "namespace Grid.Kernel; class A;"),
            ("samples/S/S.csproj", Empty), ("samples/S/Program.cs", "using Grid.Kernel;")),
        new(nameof(NamespaceArrows), "A static using of a type counts", "uses Grid.Kernel",
            (Kernel, Empty), ("src/Grid.Kernel/A.cs", "namespace Grid.Kernel; class A;"),
            ("samples/S/S.csproj", Empty), ("samples/S/Program.cs", "using static Grid.Kernel.A;")),
        new(nameof(NamespaceArrows), "The kernel names sockets", "names System.Net.Sockets",
            (Kernel, Empty), ("src/Grid.Kernel/A.cs", "using System.Net.Sockets;\nnamespace Grid.Kernel; class A;")),
        new(nameof(NamespaceArrows), "A sample uses Hosting", null,
            ("src/Grid.Hosting/Grid.Hosting.csproj", Empty), ("src/Grid.Hosting/A.cs", "namespace Grid.Hosting; class A;"),
            ("samples/S/S.csproj", Empty), ("samples/S/Program.cs", "using System.Net.Sockets;\nusing Grid.Hosting;")),

        new(nameof(KernelLayers), "Membership uses Compute", "Membership names Compute", Membership("using Grid.Kernel.Compute;\nnamespace Grid.Kernel.Membership;")),
        new(nameof(KernelLayers), "Membership names a type of Gossip in full", "Membership names Gossip",
            Membership("namespace Grid.Kernel.Membership; class A { Gossip.B? _b; }")),
        new(nameof(KernelLayers), "Compute and ForkJoin are side by side", "Compute names ForkJoin",
            ("src/Grid.Kernel/Compute/A.cs", "using Grid.Kernel.ForkJoin;\nnamespace Grid.Kernel.Compute;")),
        new(nameof(KernelLayers), "A global using", "global using hides", Membership("global using Grid.Kernel.Compute;\nnamespace Grid.Kernel.Membership;")),
        new(nameof(KernelLayers), "A using in the project file", "hides who uses whom", (Kernel, "<Project><Using Include=\"Grid.Kernel.Compute\"/></Project>")),
        new(nameof(KernelLayers), "A namespace that is not its folder's", "declares the namespace Grid.Kernel ", Membership("namespace Grid.Kernel ; class A;")),
        new(nameof(KernelLayers), "A capability without a rank", "no capability Storage", ("src/Grid.Kernel/Storage/A.cs", "namespace Grid.Kernel.Storage;")),
        new(nameof(KernelLayers), "Lifecycle uses everything", null,
            ("src/Grid.Kernel/Lifecycle/A.cs", "using Grid.Kernel.Compute;\nusing Grid.Kernel.Membership;\nnamespace Grid.Kernel.Lifecycle; class A { ForkJoin.B? _b; }")),

        new(nameof(ContractNames), "A contract is named after a provider", "names the implementation ZooKeeper",
            ("spi/Grid.Discovery.ZooKeeper/Grid.Discovery.ZooKeeper.csproj", Empty),
            ("src/Grid.Abstractions/A.cs", "namespace Grid; interface IZooKeeperSpi;")),
        new(nameof(ContractNames), "A contract's parameter is named after a client library", "names the implementation Tcp",
            ("spi/Grid.Communication.Tcp/Grid.Communication.Tcp.csproj", Empty),
            ("src/Grid.Abstractions/A.cs", "namespace Grid; interface IA { void M(int TcpPort); }")),
        new(nameof(ContractNames), "A contract is named after its capability", null,
            ("spi/Grid.LoadBalancing/Grid.LoadBalancing.csproj", Empty),
            ("src/Grid.Abstractions/A.cs", "namespace Grid; interface ILoadBalancingSpi;")),

        new(nameof(SolutionIsComplete), "A project that is not in the solution", "is not in Grid.sln", ("Grid.sln", ""), ("tests/T/T.csproj", Empty)),
        new(nameof(SolutionIsComplete), "A project that is", null, ("Grid.sln", "Project = \"T\", \"tests\\T\\T.csproj\""), ("tests/T/T.csproj", Empty)),
    ];

    private static string Reference(string path) => $"<Project><ItemGroup><ProjectReference Include=\"{path}\"/></ItemGroup></Project>";

    private static (string Path, string Text) Membership(string text) => ("src/Grid.Kernel/Membership/A.cs", text);
}
