using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Xunit;

namespace Grid.Discovery.Gossip.Tests;

/// <summary>What a node on loopback measures of its gossip.</summary>
[Trait("Lane", "loopback")]
public sealed class GossipMetricsTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Meters _meters = new();
    private readonly MeterListener _listener = new();
    private readonly ConcurrentDictionary<string, long> _sums = new();
    private readonly SemaphoreSlim _news = new(0);

    public GossipMetricsTests()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (_meters.IsOwn(instrument.Meter))
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument.Name, value, tags));
        _listener.SetMeasurementEventCallback<int>((instrument, value, _, _) => _sums[instrument.Name] = value);
        _listener.Start();
    }

    public void Dispose()
    {
        _listener.Dispose();
        _meters.Dispose();
        _news.Dispose();
    }

    [Fact]
    public async Task A_node_counts_its_members_its_bytes_and_the_death_of_another()
    {
        await using var seed = new GossipSeed(GossipFixture.OptionsOf("metrics"), meters: _meters);
        await seed.StartAsync(CancellationToken.None).WaitAsync(Patience);
        var other = await StartAsync(1, seed);
        await using var third = await StartAsync(2, seed);
        await UntilAsync(() => Gauge("grid.swim.members") == 3);
        Assert.InRange(Gauge("grid.swim.health"), 0, 8); // Not healthy on a machine that is busy.

        await other.DisposeAsync();

        await UntilAsync(() => Sum("grid.swim.deaths") == 1);
        await UntilAsync(() => Gauge("grid.swim.members") == 2);
        Assert.True(Sum("grid.swim.suspicions") > 0);
        Assert.True(Sum("grid.swim.probes_failed") > 0);
        Assert.All(["udp in", "udp out", "tcp in", "tcp out"], way => Assert.True(Sum($"grid.swim.bytes {way}") > 0, way));
    }

    private static async Task<GossipDiscovery> StartAsync(int number, GossipSeed seed)
    {
        var options = GossipFixture.OptionsOf("metrics");
        options.Seeds = [seed.Address.ToString()];
        var node = new GossipDiscovery(options);
        await node.StartAsync(new NodeInfo { Id = new NodeId((UInt128)(uint)number), Name = $"node-{number}" }, CancellationToken.None).WaitAsync(Patience);
        return node;
    }

    private void Add(string name, long value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var key = tags.Length == 0 ? name : $"{name} {tags[0].Value} {tags[1].Value}";
        _sums.AddOrUpdate(key, value, (_, sum) => sum + value);
        _news.Release();
    }

    private long Sum(string key) => _sums.GetValueOrDefault(key);

    private long Gauge(string name)
    {
        _listener.RecordObservableInstruments();
        return Sum(name);
    }

    /// <summary>Looks again whenever something was counted, as happens with every packet.</summary>
    private async Task UntilAsync(Func<bool> condition)
    {
        using var limit = new CancellationTokenSource(Patience);
        while (!condition())
        {
            Assert.True(await _news.WaitAsync(Patience, limit.Token), string.Join("; ", _sums));
        }
    }

    private sealed class Meters : IMeterFactory
    {
        private readonly Meter _meter = new("Grid.Discovery.Gossip");

        public bool IsOwn(Meter meter) => meter == _meter;

        public Meter Create(MeterOptions options) => _meter;

        public void Dispose() => _meter.Dispose();
    }
}
