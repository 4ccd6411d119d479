using Grid.Failover;
using Grid.Spi;
using Grid.Testing;

namespace Grid.Hosting.Tests.Failover;

public sealed class AlwaysTests : FailoverConformance
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Max = TimeSpan.FromSeconds(1);

    [Fact]
    public void A_job_is_tried_at_once_while_there_is_a_node_that_has_not_failed_it() =>
        Assert.Equal(FailoverDecision.Retry(), Create().Decide(Request(AttemptFailureKind.Rejected, attempts: 4, candidates: 1)));

    [Theory]
    [InlineData(1, 200)]
    [InlineData(3, 800)]
    [InlineData(4, 1000)]
    [InlineData(99, 1000)]
    public void Where_all_have_failed_it_the_pause_is_drawn_below_a_bound_that_doubles_up_to_the_longest(int attempts, int boundMs)
    {
        var provider = Create();
        var pauses = Enumerable.Range(0, 2_000).Select(_ => provider.Decide(Request(AttemptFailureKind.Lost, attempts, candidates: 0)).Delay.TotalMilliseconds).ToList();

        Assert.All(pauses, pause => Assert.InRange(pause, 0, boundMs));
        Assert.InRange(pauses.Max(), 0.9 * boundMs, boundMs);
        Assert.InRange(pauses.Average(), 0.4 * boundMs, 0.6 * boundMs);
    }

    protected override IFailoverSpi Create() => new Always(1, First, Max);
}
