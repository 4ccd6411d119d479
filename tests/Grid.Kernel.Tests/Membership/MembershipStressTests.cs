using Grid.Discovery.InMemory;
using Grid.Kernel.Membership;
using Grid.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using static Grid.Kernel.Tests.Membership.Members;

namespace Grid.Kernel.Tests.Membership;

/// <summary>Several services on one in-memory registry, shaken by chance. GRID_TEST_SEED=n sets the seed.</summary>
public sealed class MembershipStressTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly int Seed = int.TryParse(Environment.GetEnvironmentVariable("GRID_TEST_SEED"), out var seed) ? seed : 20_301;

    [Fact]
    public async Task After_losses_suspensions_and_updates_all_nodes_end_with_one_view()
    {
        var random = new Random(Seed);
        var registry = new InMemoryRegistry();
        var nodes = new List<(InMemoryDiscovery Discovery, MembershipService Service)>();
        for (var i = 1; i <= 6; i++)
        {
            nodes.Add(await JoinAsync(registry, i));
        }

        for (var step = 0; step < 300; step++)
        {
            await ShakeAsync(nodes[random.Next(nodes.Count)], random);
        }

        foreach (var node in nodes)
        {
            node.Discovery.Resume();
        }

        var views = await Task.WhenAll(nodes.Select(node => SettleAsync(node.Service, nodes)));
        Assert.All(views, view => Assert.True(views[0].SequenceEqual(view), $"seed {Seed}: {string.Join(", ", view)} is not {string.Join(", ", views[0])}"));
        Assert.All(nodes, node => Assert.True(node.Service.HoldsMembership, $"seed {Seed}: {node.Service.Local} is fenced"));
        foreach (var node in nodes)
        {
            await node.Service.StopAsync(CancellationToken.None).WaitAsync(Patience);
            await node.Service.DisposeAsync();
        }
    }

    private static async Task ShakeAsync((InMemoryDiscovery Discovery, MembershipService Service) node, Random random)
    {
        switch (random.Next(5))
        {
            case 0:
                node.Discovery.Expire();
                break;
            case 1:
                node.Discovery.Suspend();
                break;
            case 2:
                node.Discovery.Resume();
                break;
            default:
                try
                {
                    await node.Service.SetStateAsync((NodeState)random.Next(2), CancellationToken.None).WaitAsync(Patience);
                }
                catch (DiscoveryException)
                {
                    // Suspended: the registry refused, as it should.
                }

                break;
        }
    }

    private static async Task<NodeInfo[]> SettleAsync(MembershipService service, List<(InMemoryDiscovery Discovery, MembershipService Service)> nodes)
    {
        using var limit = new CancellationTokenSource(Patience);
        bool IsSettled() => service.Current.Link == DiscoveryLink.Connected
            && nodes.All(node => service.Current.Find(node.Service.Local!.Id) is { } seen && seen.Equals(node.Service.Local));
        if (IsSettled())
        {
            return [.. service.Current.Nodes];
        }

        await foreach (var _ in service.ChangesAsync(0, limit.Token))
        {
            if (IsSettled())
            {
                break;
            }
        }

        return [.. service.Current.Nodes];
    }

    private static async Task<(InMemoryDiscovery Discovery, MembershipService Service)> JoinAsync(InMemoryRegistry registry, int id)
    {
        var discovery = registry.CreateDiscovery("stress");
        var service = new MembershipService(
            discovery,
            new MembershipOptions { RejoinDelayBase = TimeSpan.Zero },
            TimeProvider.System,
            new Random(Seed + id),
            NullLogger<MembershipService>.Instance);
        await service.StartAsync(Node(id) with { JoinOrder = 0 }, CancellationToken.None).WaitAsync(Patience);
        return (discovery, service);
    }
}
