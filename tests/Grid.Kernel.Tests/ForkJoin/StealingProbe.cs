using Grid.Kernel.ForkJoin;
using Grid.Kernel.ForkJoin.Stealing;

namespace Grid.Kernel.Tests.ForkJoin;

/// <summary>Shows the computations of an engine, so that a test can give them tasks as if they came from other nodes.</summary>
internal sealed class StealingProbe : IStealing
{
    private int _joins;

    /// <summary>The computation that began last.</summary>
    public Computation Computation { get; private set; } = null!;

    /// <summary>Called as soon as this node takes part in a computation of another.</summary>
    public Action<Computation>? Joined { get; init; }

    /// <summary>Who connects the computations with other nodes, if anybody does.</summary>
    public IStealing? Inner { get; init; }

    /// <summary>How many computations of others this node has begun to take part in.</summary>
    public int Joins => Volatile.Read(ref _joins);

    public void Open(Computation computation, Type root, ComputationReach reach) => Computation = computation;

    public void Join(Computation computation, ForkJoinInvitation invitation, ComputationReach reach)
    {
        Computation = computation;
        Inner?.Join(computation, invitation, reach);
        Interlocked.Increment(ref _joins);
        Joined?.Invoke(computation);
    }

    public void Close(StealSession session) => Inner!.Close(session);
}
