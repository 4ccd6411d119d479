namespace Grid.Architecture.Tests.Model;

/// <summary>The arrow table. Changing it takes a decision in src/README.md first.</summary>
internal static class Layers
{
    private static readonly string[] ContractPackages = ["Microsoft.Extensions.*.Abstractions"];
    private static readonly string[] Providers =
        ["spi/Grid.Discovery.*", "spi/Grid.Communication*", "spi/Grid.LoadBalancing*", "spi/Grid.Failover*", "spi/Grid.Collision*", "spi/Grid.Checkpoint*"];

    private static readonly string[] SocketsAndContainers =
        ["System.Net.Sockets", "System.Net.Security", "Microsoft.Extensions.DependencyInjection", "Microsoft.Extensions.Hosting", "Microsoft.AspNetCore"];

    /// <summary>The rows; the first that matches a project is its own.</summary>
    public static IReadOnlyList<Layer> All { get; } =
    [
        new("src/Grid.Abstractions", [], [], ContractPackages, SocketsAndContainers),

        // It names sockets and other types bound to a process to refuse them.
        new("src/Grid.Serialization", ["src/Grid.Abstractions"], [], ContractPackages, SocketsAndContainers[2..]),
        new("src/Grid.Messaging", ["src/Grid.Abstractions", "src/Grid.Serialization"], [], ContractPackages, SocketsAndContainers),
        new("src/Grid.Kernel", ["src/Grid.Abstractions", "src/Grid.Serialization", "src/Grid.Messaging"], [], ContractPackages, SocketsAndContainers),
        new("src/Grid.Hosting", ["src/*", "spi/*"], ["src/Grid.Cli"], ["Microsoft.Extensions.*", "Microsoft.AspNetCore.App"], []),
        new("src/Grid.Cli", ["src/Grid.Hosting", "src/Grid.Abstractions"], [], ["Microsoft.Extensions.*", "Microsoft.AspNetCore.App", "System.CommandLine", "Spectre.Console"], []),
        .. Providers.Select(provider => new Layer(provider, ["src/Grid.Abstractions", "spi/*"], Providers, ContractPackages, [])),

        // What discovery providers share; it knows the contracts and no provider.
        new("spi/Grid.Discovery", ["src/Grid.Abstractions"], [], ContractPackages, []),

        // Whatever else is under spi/ is a client library that ships alone and knows nothing of grids.
        new("spi/*", [], [], ContractPackages, []),
        new("samples/*", ["src/Grid.Hosting", "src/Grid.Abstractions"], [], ["System.CommandLine", "Spectre.Console"], []),
        new("tests/Grid.Testing", ["src/Grid.Abstractions"], [], ["xunit.assert", "xunit.extensibility.core", "xunit.extensibility.execution", "Xunit.SkippableFact", .. ContractPackages], []),
        new("tests/*", ["*"], [], ["*"], []),
    ];

    public static Layer? Of(string projectId) => All.FirstOrDefault(layer => projectId.Matches(layer.Projects));

    /// <summary>Whether the name is that of a capability that SPIs are for: the second word of a provider's name.</summary>
    public static bool IsCapability(string name) => Providers.Any(pattern => pattern.StartsWith($"spi/Grid.{name}", StringComparison.Ordinal));
}
