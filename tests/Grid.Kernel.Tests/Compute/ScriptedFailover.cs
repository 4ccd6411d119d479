using System.Collections.Concurrent;
using Grid.Spi;

namespace Grid.Kernel.Tests.Compute;

/// <summary>A failover provider that does what a test says, and remembers what it was asked.</summary>
internal sealed class ScriptedFailover(Func<FailoverRequest, FailoverDecision> decide) : IFailoverSpi
{
    public ConcurrentQueue<FailoverRequest> Requests { get; } = new();

    public bool RetriesExceptions { get; init; }

    public FailoverDecision Decide(FailoverRequest request)
    {
        Requests.Enqueue(request);
        return decide(request);
    }
}
