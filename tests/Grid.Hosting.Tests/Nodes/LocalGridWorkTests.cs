using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;

namespace Grid.Hosting.Tests.Nodes;

/// <summary>Work over real nodes and real sockets. The nodes share this process, so a job can signal its test through a static.</summary>
[Trait("Lane", "loopback")]
public sealed class LocalGridWorkTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly ConcurrentDictionary<Guid, Gate> Gates = new();

    [Fact]
    public async Task A_closure_runs_on_a_node_with_a_copy_of_what_it_captured()
    {
        await using var local = await LocalGrid.StartAsync(nodes: 2).WaitAsync(Patience);
        var words = new List<string> { "grid", "of", "nodes" };

        var length = await local.Client.CallAsync(() =>
        {
            words.Add("changed there");
            return words.Count;
        }).WaitAsync(Patience);

        Assert.Equal(4, length);
        Assert.Equal(3, words.Count);
    }

    [Fact]
    public async Task A_broadcast_runs_once_on_every_node()
    {
        await using var local = await LocalGrid.StartAsync(nodes: 3).WaitAsync(Patience);

        var results = await local.Client.BroadcastAsync(() => JobContext.Current!.Node.Name).WaitAsync(Patience);

        Assert.Equal(local.Nodes.Select(node => node.Name), results.Select(result => result.Value));
    }

    [Fact]
    public async Task Work_goes_on_while_a_node_is_killed_and_another_added()
    {
        await using var local = await LocalGrid.StartAsync(nodes: 3).WaitAsync(Patience);

        var mapping = local.Client.MapAsync(Enumerable.Range(0, 2_000), i => (long)i * i);
        await local.KillAsync(local.Nodes[1]).WaitAsync(Patience);
        await local.AddNodeAsync().WaitAsync(Patience);
        var squares = await mapping.WaitAsync(Patience);

        Assert.Equal(Enumerable.Range(0, 2_000).Select(i => (long)i * i), squares);
    }

    [Fact]
    public async Task A_stopping_node_finishes_what_it_runs()
    {
        await using var local = await LocalGrid.StartAsync(new LocalGridOptions { Nodes = 2, DrainTimeout = TimeSpan.FromMinutes(1) }).WaitAsync(Patience);
        var gate = OpenGate(out var id);
        var node = local.Nodes[0];
        var job = local.Client.Where(NodeSelector.ById(node.Id)).With(new JobOptions { MaxAttempts = 1 }).CallAsync(async () =>
        {
            Gates[id].Entered.TrySetResult();
            await Gates[id].MayEnd.Task;
            return JobContext.Current!.Node.Name;
        });
        await gate.Entered.Task.WaitAsync(Patience);

        var stopping = local.StopAsync(node);
        await WaitForAsync(local.Client.Topology, node.Id, NodeState.Draining);
        Assert.False(stopping.IsCompleted);
        gate.MayEnd.SetResult();

        Assert.Equal(node.Name, await job.WaitAsync(Patience));
        await stopping.WaitAsync(Patience);
    }

    [Fact]
    public async Task A_job_of_a_killed_node_runs_elsewhere()
    {
        await using var local = await LocalGrid.StartAsync(nodes: 2).WaitAsync(Patience);
        var gate = OpenGate(out var id);
        var job = local.Client.CallAsync(async () =>
        {
            var context = JobContext.Current!;
            if (context.Attempt == 1)
            {
                Gates[id].Node = context.Node;
                Gates[id].Entered.TrySetResult();
                await Gates[id].MayEnd.Task;
            }

            return (context.Attempt, context.Node.Name);
        });
        await gate.Entered.Task.WaitAsync(Patience);

        await local.KillAsync(gate.Node!).WaitAsync(Patience);
        var (attempt, name) = await job.WaitAsync(Patience);
        gate.MayEnd.SetResult();

        Assert.True(attempt > 1, $"attempt {attempt}");
        Assert.NotEqual(gate.Node!.Name, name);
    }

    [Fact]
    public async Task Jobs_find_the_services_of_the_node()
    {
        await using var local = await LocalGrid.StartAsync(new LocalGridOptions
        {
            Nodes = 1,
            AddServices = services => services.AddSingleton(new Gate { Node = null, Label = "from the container" }),
        }).WaitAsync(Patience);

        var label = await local.Client.CallAsync(() => JobContext.Current!.Services.GetRequiredService<Gate>().Label).WaitAsync(Patience);

        Assert.Equal("from the container", label);
    }

    [Fact]
    public async Task Without_nodes_a_job_waits_for_the_first_that_joins()
    {
        await using var local = await LocalGrid.StartAsync(nodes: 0).WaitAsync(Patience);

        var call = local.Client.CallAsync(() => JobContext.Current!.Node.Name);
        var node = await local.AddNodeAsync().WaitAsync(Patience);

        Assert.Equal(node.Name, await call.WaitAsync(Patience));
    }

    private static Gate OpenGate(out Guid id)
    {
        id = Guid.NewGuid();
        return Gates.GetOrAdd(id, _ => new Gate());
    }

    private static async Task WaitForAsync(ITopology topology, NodeId id, NodeState state)
    {
        using var limit = new CancellationTokenSource(Patience);
        await foreach (var _ in topology.ChangesAsync(0, limit.Token))
        {
            if (topology.Current.Find(id)?.State == state)
            {
                return;
            }
        }
    }

    private sealed class Gate
    {
        public TaskCompletionSource Entered { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource MayEnd { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public NodeInfo? Node { get; set; }

        public string Label { get; init; } = "";
    }
}
