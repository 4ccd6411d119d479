using System.Globalization;
using Grid.Collision;
using Grid.Communication.Tcp;
using Grid.Kernel.Lifecycle;
using Grid.LoadBalancing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Grid.Benchmarks.Calls;

/// <summary>A whole node for the measurements: the worker in a process of its own, the client in the measuring one.</summary>
internal static class CallsNode
{
    /// <summary>The role of the second process: says who it is, then answers each line with the bytes allocated so far.</summary>
    public static async Task<int> RunWorkerAsync()
    {
        await using var runtime = await StartAsync("worker", isClient: false, new FixedDiscovery());
        Console.WriteLine($"{runtime.LocalNode.Id} {runtime.LocalNode.Endpoints[0]}");
        while (await Console.In.ReadLineAsync() is not null)
        {
            Console.WriteLine(GC.GetTotalAllocatedBytes(precise: true).ToString(CultureInfo.InvariantCulture));
        }

        return 0;
    }

    public static Task<GridRuntime> StartClientAsync(string worker)
    {
        var parts = worker.Split(' ');
        var node = new NodeInfo { Id = NodeId.Parse(parts[0]), Name = "worker", Slots = 1, Endpoints = [NodeEndpoint.Parse(parts[1])], JoinOrder = 1 };
        return StartAsync("client", isClient: true, new FixedDiscovery(node));
    }

    private static Task<GridRuntime> StartAsync(string name, bool isClient, FixedDiscovery discovery) => GridRuntime.StartAsync(
        new GridRuntimeSettings { Name = name, IsClient = isClient, Slots = Environment.ProcessorCount },
        new GridRuntimeParts
        {
            Discovery = discovery,
            Communication = new TcpCommunication(new TcpCommunicationOptions { Listen = new NodeEndpoint("127.0.0.1", 0) }, NullLogger<TcpCommunication>.Instance),
            Balancer = new RoundRobin(),
            Collision = new Fifo(),
            Time = TimeProvider.System,
            Random = new Random(),
            Loggers = NullLoggerFactory.Instance,
            Services = new NoServices(),
        },
        CancellationToken.None);

    private sealed class NoServices : IServiceProvider
    {
        public object? GetService(Type serviceType) => null;
    }
}
