using Grid.Discovery.ZooKeeper.Records;
using Grid.Spi;
using Grid.ZooKeeper;

namespace Grid.Discovery.ZooKeeper.Session;

/// <summary>
/// Keeps metrics at the end of the members' records, when they are exchanged through the registry. It is the one thing that is written into a znode
/// that exists: only by the session that owns it, by version, and behind the fields that make the record, so that what others have read of it stays right. It moves
/// neither the list nor its pzxid, and nobody watches it.
/// </summary>
internal sealed class MetricsRecords(ClusterRegistry registry, Registrar registrar, Func<IEnumerable<string>> names)
{
    /// <summary>Records of the greatest size still fit the client's limit of 16 MiB for an answer.</summary>
    private const int BatchMax = 128;

    private MemberName? _written;
    private int _version;

    /// <summary>Writes the local node's metrics. One request; one more after an answer was lost.</summary>
    public async Task WriteAsync(ReadOnlyMemory<byte> metrics, CancellationToken ct)
    {
        await registrar.SettleAsync(ct).ConfigureAwait(true);
        var current = registrar.Current;
        if (_written != current.Name)
        {
            (_written, _version) = (current.Name, 0);
        }

        var path = registry.Paths.Member(current.Name);
        var data = MetricsTail.Append(current.Data, metrics.Span);
        try
        {
            _version = await registry.WriteAsync(path, data, _version, ct).ConfigureAwait(true);
        }
        catch (ZooKeeperException exception) when (exception.Code == ZooKeeperErrorCode.BadVersion)
        {
            _version = await OwnVersionAsync(path, ct).ConfigureAwait(true);
            _version = await registry.WriteAsync(path, data, _version, ct).ConfigureAwait(true);
        }
    }

    /// <summary>Reads the metrics of the members of the last view. One request for each 128.</summary>
    public async Task<IReadOnlyList<MemberMetrics>> ReadAsync(CancellationToken ct)
    {
        var metrics = new List<MemberMetrics>();
        foreach (var batch in names().ToArray().Chunk(BatchMax))
        {
            ReadOp[] operations = [.. batch.Select(name => ReadOp.GetData($"{registry.Paths.Members}/{name}"))];
            var results = await registry.ReadMetricsAsync(operations, ct).ConfigureAwait(true);
            metrics.AddRange(batch.Zip(results, Decode).OfType<MemberMetrics>());
        }

        return metrics;
    }

    private async Task<int> OwnVersionAsync(string path, CancellationToken ct)
    {
        var stat = await registry.ExistsAsync(path, ct).ConfigureAwait(true);
        return stat is { } found && found.EphemeralOwner == registry.Client.Session?.SessionId
            ? found.Version
            : throw new DiscoveryException($"'{path}' is not of this session; metrics are written into it again when the node has rejoined.");
    }

    /// <summary>Null for a member that is gone, has written none, or whose record is junk: that was reported when the view was read.</summary>
    private static MemberMetrics? Decode(string name, ReadResult result)
    {
        try
        {
            return result.Error == ZooKeeperErrorCode.Ok && MemberName.TryParse(name, out var member) && MetricsTail.Decode(result.Data) is { } metrics
                && metrics.Length <= IMemberMetricsSpi.MetricsBytesMax
                ? new MemberMetrics(member.Key, metrics)
                : null;
        }
        catch (RecordFormatException)
        {
            return null;
        }
    }
}
