using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Globalization;

namespace Grid.Testing;

/// <summary>The nodes of one conformance test; disposes them all at its end.</summary>
internal sealed class DiscoveryScene(DiscoveryFixture fixture) : IAsyncDisposable
{
    private readonly List<DiscoveryProbe> _probes = [];

    /// <summary>A record with every field set.</summary>
    public static NodeInfo NewRecord(string name) => new()
    {
        Id = new NodeId(BinaryPrimitives.ReadUInt128LittleEndian(Guid.NewGuid().ToByteArray())),
        Name = name,
        Endpoints = [new NodeEndpoint("10.0.0.1", 47100)],
        Slots = 4,
        Attributes = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal).Add("zone", "eu-1"),
    };

    /// <summary>A node that is not started.</summary>
    public async Task<DiscoveryProbe> CreateAsync(NodeInfo? local, string? cluster = null)
    {
        var probe = new DiscoveryProbe(await fixture.CreateAsync(cluster ?? fixture.Cluster), local, fixture.Patience);
        _probes.Add(probe);
        return probe;
    }

    /// <summary>A member that is started and watches.</summary>
    public async Task<DiscoveryProbe> JoinAsync(string name, string? cluster = null)
    {
        var probe = await CreateAsync(NewRecord(name), cluster);
        await probe.StartAsync();
        return probe;
    }

    /// <summary>A client that is started and watches.</summary>
    public async Task<DiscoveryProbe> ObserveAsync(string? cluster = null)
    {
        var probe = await CreateAsync(null, cluster);
        await probe.StartAsync();
        return probe;
    }

    /// <summary>Several members that join at once.</summary>
    public async Task<IReadOnlyList<DiscoveryProbe>> JoinManyAsync(int count)
    {
        var probes = new List<DiscoveryProbe>();
        for (var i = 0; i < count; i++)
        {
            probes.Add(await CreateAsync(NewRecord(string.Create(CultureInfo.InvariantCulture, $"node-{i}"))));
        }

        await Task.WhenAll(probes.Select(probe => Task.Run(probe.StartAsync)));
        return probes;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var probe in _probes)
        {
            await probe.DisposeAsync();
        }
    }
}
