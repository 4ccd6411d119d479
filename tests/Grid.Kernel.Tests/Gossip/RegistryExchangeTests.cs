using Grid.Discovery.InMemory;
using Grid.Kernel.Gossip;
using Grid.Spi;
using Microsoft.Extensions.Logging.Abstractions;

namespace Grid.Kernel.Tests.Gossip;

public sealed class RegistryExchangeTests
{
    private static readonly NodeKey Key = new(new NodeId(1), 1);

    [Fact]
    public void What_is_seen_for_the_first_time_may_be_of_any_age_and_counts_when_it_changes()
    {
        var registry = new Records();
        using var exchange = new RegistryExchange(registry, TimeProvider.System, TimeSpan.FromMinutes(1), NullLogger.Instance);
        registry.Members = [new MemberMetrics(Key, new byte[] { 1 })];
        Assert.Empty(Exchange(exchange));
        Assert.Empty(Exchange(exchange));

        registry.Members = [new MemberMetrics(Key, new byte[] { 2 })];

        Assert.Equal(new byte[] { 2 }, Assert.Single(Exchange(exchange)).Metrics.ToArray());
        Assert.Empty(Exchange(exchange));
    }

    [Fact]
    public void A_read_that_fails_is_no_empty_list()
    {
        var registry = new Records { Members = [new MemberMetrics(Key, new byte[] { 1 })] };
        using var exchange = new RegistryExchange(registry, TimeProvider.System, TimeSpan.FromMinutes(1), NullLogger.Instance);
        Exchange(exchange);
        registry.Failure = new DiscoveryException("away");
        Assert.Empty(Exchange(exchange));

        registry.Failure = null;
        registry.Members = [new MemberMetrics(Key, new byte[] { 2 })];

        Assert.Single(Exchange(exchange));
    }

    [Fact]
    public void A_registry_that_does_not_answer_is_asked_once()
    {
        var registry = new Records { Pending = new TaskCompletionSource() };
        using var exchange = new RegistryExchange(registry, TimeProvider.System, TimeSpan.FromMinutes(1), NullLogger.Instance);

        Exchange(exchange);
        Exchange(exchange);

        Assert.Equal((1, 1), (registry.Writes, registry.Reads));
    }

    [Fact]
    public async Task Metrics_in_the_registry_of_this_process_go_with_the_membership_and_change_no_snapshot()
    {
        var registry = new InMemoryRegistry();
        await using var writer = registry.CreateDiscovery("metrics");
        await using var reader = registry.CreateDiscovery("metrics");
        await writer.StartAsync(new NodeInfo { Id = Key.Id, Name = "a" }, CancellationToken.None);
        await reader.StartAsync(null, CancellationToken.None);
        await using var snapshots = reader.WatchAsync(CancellationToken.None).GetAsyncEnumerator();
        Assert.True(await snapshots.MoveNextAsync());
        var next = snapshots.MoveNextAsync();

        await writer.WriteMetricsAsync(new byte[] { 5 }, CancellationToken.None);

        Assert.Equal(Key, Assert.Single(await reader.ReadMetricsAsync(CancellationToken.None)).Node);
        Assert.False(next.IsCompleted);
        await Assert.ThrowsAsync<InvalidOperationException>(() => reader.WriteMetricsAsync(new byte[] { 5 }, CancellationToken.None));
        await writer.StopAsync(CancellationToken.None);
        Assert.Empty(await reader.ReadMetricsAsync(CancellationToken.None));
        Assert.True(await next);
    }

    private static IReadOnlyList<MemberMetrics> Exchange(RegistryExchange exchange)
    {
        exchange.Begin([1], () => { });
        return exchange.TakeNews();
    }

    private sealed class Records : IMemberMetricsSpi
    {
        public IReadOnlyList<MemberMetrics> Members { get; set; } = [];

        public Exception? Failure { get; set; }

        public TaskCompletionSource? Pending { get; set; }

        public int Writes { get; private set; }

        public int Reads { get; private set; }

        public Task WriteMetricsAsync(ReadOnlyMemory<byte> metrics, CancellationToken ct)
        {
            Writes++;
            return Pending?.Task ?? (Failure is null ? Task.CompletedTask : Task.FromException(Failure));
        }

        public async Task<IReadOnlyList<MemberMetrics>> ReadMetricsAsync(CancellationToken ct)
        {
            Reads++;
            await (Pending?.Task ?? Task.CompletedTask);
            return Failure is null ? Members : throw Failure;
        }
    }
}
