using System.Globalization;
using System.Security.Cryptography;
using Grid.Collision;
using Grid.Communication.Tcp;
using Grid.Kernel.Deployment;
using Grid.Kernel.Lifecycle;
using Grid.LoadBalancing;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Grid.Deployment.Worker;

/// <summary>Starts whole nodes that know each other from the beginning.</summary>
internal static class TestNode
{
    public static Task<GridRuntime> StartAsync(string name, bool isClient, DeploymentOptions deployment, IReadOnlyList<NodeInfo> others, ILoggerFactory? loggers = null) =>
        GridRuntime.StartAsync(
            new GridRuntimeSettings { Name = name, IsClient = isClient, Slots = 2, Deployment = deployment },
            new GridRuntimeParts
            {
                Discovery = new StaticDiscovery(others),
                Communication = new TcpCommunication(new TcpCommunicationOptions { Listen = new NodeEndpoint("127.0.0.1", 0) }, NullLogger<TcpCommunication>.Instance),
                Balancer = new RoundRobin(),
                Collision = new Fifo(),
                Time = TimeProvider.System,
                Random = new Random(RandomNumberGenerator.GetInt32(int.MaxValue)),
                Loggers = loggers ?? NullLoggerFactory.Instance,
                Services = new NoServices(),
            },
            CancellationToken.None);

    /// <summary>A worker as text, for the command line of another.</summary>
    public static string Describe(NodeInfo node) => string.Create(CultureInfo.InvariantCulture, $"{node.Id} {node.Endpoints[0]} {node.Name}");

    public static NodeInfo Parse(string text, int joinOrder)
    {
        var words = text.Split(' ');
        return new NodeInfo { Id = NodeId.Parse(words[0]), Endpoints = [NodeEndpoint.Parse(words[1])], Name = words[2], Slots = 2, JoinOrder = joinOrder };
    }

    private sealed class NoServices : IServiceProvider
    {
        public object? GetService(Type serviceType) => null;
    }
}
