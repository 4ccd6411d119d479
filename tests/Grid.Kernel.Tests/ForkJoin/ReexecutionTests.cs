using Grid.Kernel.Lifecycle;
using Grid.Kernel.Tests.Compute;
using Grid.Testing.Network;

namespace Grid.Kernel.Tests.ForkJoin;

/// <summary>
/// One task is stolen from its victim, and the thief is lost before it has returned it. Three nodes of one slot each, over a network that can break: the home, the victim, which has stolen
/// a task of the home, and the thief, which has stolen a task of that.
/// </summary>
[Trait("Lane", "loopback")]
public sealed class ReexecutionTests : IAsyncLifetime
{
    private const int RanAgain = 1;
    private const int RanAtTheThief = 2;
    private static readonly TimeSpan HangGuard = TimeSpan.FromSeconds(60);
    private readonly InMemoryNetwork _network = new();
    private readonly string _name = Gate.NewName();
    private TestCluster _cluster = null!;
    private GridRuntime _victim = null!;
    private GridRuntime _thief = null!;
    private Task<int> _run = null!;

    /// <summary>Ends when the thief has begun the task.</summary>
    public async Task InitializeAsync()
    {
        var hosts = 0;
        _cluster = await TestCluster.StartAsync(3, slots: 1, new TestClusterOptions { Communication = () => _network.CreateProvider($"host{++hosts}") });
        _run = _cluster.Client.InvokeAsync(new Relay(_name, Steps.AtHome, ""));
        await Steps.Gate(_name, Steps.AtThief).WaitForArrivalsAsync();
        _victim = _cluster.Workers.Single(worker => Steps.Gate(_name, worker.LocalNode.Name).Count > 0);
        _thief = _cluster.Workers.Single(worker => worker != _victim && worker.ForkJoin.Metrics.Stolen == 1);
    }

    public async Task DisposeAsync()
    {
        Steps.Gate(_name, Steps.AtThief).Open();
        Steps.Gate(_name, Steps.AtVictim).Open();
        await _cluster.DisposeAsync();
        _network.Dispose();
    }

    [Fact]
    public async Task What_a_thief_had_that_dies_runs_once_again_at_its_victim()
    {
        Steps.Gate(_name, Steps.AtVictim).Open();

        // It sits in the task, so its lane ends only when the gate is open.
        var kill = _thief.KillAsync();

        Assert.Equal(RanAgain, await _run.WaitAsync(HangGuard));
        Assert.Equal(1, _victim.ForkJoin.Metrics.RunAgain);
        Steps.Gate(_name, Steps.AtThief).Open();
        await kill;
    }

    [Fact]
    public async Task An_outcome_that_comes_after_its_task_ran_again_is_refused()
    {
        // The victim gives the thief up for lost; the thief does not know and goes on.
        _network.Reset(HostOf(_victim), HostOf(_thief));
        await Steps.Gate(_name, Steps.AtVictim).WaitForArrivalsAsync();
        Steps.Gate(_name, Steps.AtThief).Open();
        await Until.HoldsAsync(() => _victim.ForkJoin.Metrics.Refused > 0);
        Steps.Gate(_name, Steps.AtVictim).Open();

        Assert.Equal(RanAgain, await _run.WaitAsync(HangGuard));
        Assert.Equal(1, _victim.ForkJoin.Metrics.RunAgain);
        Assert.Equal(1, _victim.ForkJoin.Metrics.Refused);
    }

    private string HostOf(GridRuntime worker) => $"host{_cluster.Workers.ToList().IndexOf(worker) + 1}";

    /// <summary>Where the tasks stop.</summary>
    private static class Steps
    {
        public const string AtHome = "home";
        public const string AtVictim = "victim";
        public const string AtThief = "thief";

        public static Gate Gate(string name, string where) => Compute.Gate.Named($"{name} {where}");
    }

    /// <summary>Forks a task and keeps its slot until the last one has begun somewhere else, so that only another node can take it.</summary>
    private sealed class Relay(string name, string step, string from) : ForkJoinTask<int>
    {
        protected override int Compute()
        {
            var here = JobContext.Current!.Node.Name;
            if (step == Steps.AtThief)
            {
                return here == from ? RunHere(Steps.AtVictim, RanAgain) : RunHere(Steps.AtThief, RanAtTheThief);
            }

            if (step == Steps.AtVictim)
            {
                Steps.Gate(name, here).Arrive();
            }

            var next = new Relay(name, step == Steps.AtHome ? Steps.AtVictim : Steps.AtThief, here);
            next.Fork();
            while (Steps.Gate(name, Steps.AtThief).Count == 0)
            {
                JobContext.Current.CancellationToken.ThrowIfCancellationRequested();
                Thread.Yield();
            }

            return next.Join();
        }

        private int RunHere(string where, int result)
        {
            Steps.Gate(name, where).ArriveAndBlock();
            return result;
        }
    }
}
