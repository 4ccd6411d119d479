using Grid.Spi;
using Xunit;

namespace Grid.Testing;

/// <summary>What every failover provider must do; derive a test class from it.</summary>
public abstract class FailoverConformance
{
    private static readonly AttemptFailureKind[] Kinds = Enum.GetValues<AttemptFailureKind>();

    /// <summary>Makes a provider.</summary>
    protected abstract IFailoverSpi Create();

    /// <summary>Whatever happened to a job, there is a decision that makes sense.</summary>
    [Fact]
    public void Every_failure_gets_a_decision()
    {
        var provider = Create();
        var random = new Random(5);
        for (var round = 0; round < 5_000; round++)
        {
            var request = Any(random);

            var decision = provider.Decide(request);

            Assert.InRange(decision.Delay, TimeSpan.Zero, TimeSpan.FromHours(1));
            Assert.True(decision.IsRetry || decision == FailoverDecision.GiveUp, $"round {round}: given up and yet {decision}");
            Assert.True(decision.Node is not { } node || request.Candidates.Any(candidate => candidate.Id == node), $"round {round}: {decision.Node} is no candidate");
        }
    }

    /// <summary>A provider that says that it leaves exceptions alone does.</summary>
    [Fact]
    public void Exceptions_of_jobs_are_tried_again_only_by_a_provider_that_says_so()
    {
        var provider = Create();
        var random = new Random(6);
        var requests = Enumerable.Range(0, 200).Select(_ => Any(random) with { Failure = AttemptFailureKind.Threw, ExceptionTypes = ["System.TimeoutException", "System.SystemException", "System.Exception"] });

        Assert.True(provider.RetriesExceptions || requests.All(request => !provider.Decide(request).IsRetry));
    }

    /// <summary>Calls overlap.</summary>
    [Fact]
    public void Many_threads_ask_at_once()
    {
        var provider = Create();
        var delays = new TimeSpan[20_000];

        Parallel.For(0, delays.Length, i => delays[i] = provider.Decide(Request(AttemptFailureKind.Lost, attempts: 1 + (i % 8), candidates: 0)).Delay);

        Assert.All(delays, delay => Assert.InRange(delay, TimeSpan.Zero, TimeSpan.FromHours(1)));
    }

    /// <summary>A question.</summary>
    /// <param name="failure">How the attempts failed.</param>
    /// <param name="attempts">How many there were; attempt n was on node n.</param>
    /// <param name="candidates">How many nodes are left that have not failed it.</param>
    protected static FailoverRequest Request(AttemptFailureKind failure, int attempts = 1, int candidates = 1) => new()
    {
        Job = new JobId(new NodeId(1), 1),
        Failure = failure,
        Attempts = [.. Enumerable.Range(1, attempts).Select(number => new JobAttempt(number, Node(number), TimeSpan.FromMilliseconds(number), "the link broke"))],
        MaxAttempts = 100,
        Candidates = [.. Enumerable.Range(attempts + 1, candidates).Select(Node)],
    };

    private static FailoverRequest Any(Random random)
    {
        var request = Request(Kinds[random.Next(Kinds.Length)], random.Next(1, 100), random.Next(4));
        return request.Failure != AttemptFailureKind.Threw ? request : request with { ExceptionTypes = [$"My.Error{random.Next(3)}", "System.Exception"] };
    }

    private static NodeInfo Node(int id) => new() { Id = new NodeId((UInt128)id), Name = $"node-{id}", Slots = 1, JoinOrder = id };
}
