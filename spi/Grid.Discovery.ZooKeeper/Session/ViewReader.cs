using Grid.Discovery.ZooKeeper.Records;
using Grid.Discovery.ZooKeeper.View;
using Grid.ZooKeeper;

namespace Grid.Discovery.ZooKeeper.Session;

/// <summary>
/// Reads the members: the list with a one-shot watch, then what is new in it, in one request (more only for thousands of records at once). Decides
/// nothing: <see cref="MemberTable"/>, <see cref="ReadPacer"/> and <see cref="BatchSize"/> do.
/// </summary>
internal sealed class ViewReader(ClusterRegistry registry, AsyncSignal changed, ReadPacer pacer, QuarantineLog quarantine, TimeProvider time)
{
    /// <summary>A record that is gone when it is read makes the list old; after so many such lists in a row the view goes on without it.</summary>
    private const int RereadsMax = 10;

    private readonly MemberTable _table = new();
    private readonly BatchSize _batch = new();
    private readonly long _begunAt = time.GetTimestamp();
    private int _rereads;

    /// <summary>The identity of the cluster, once it was read.</summary>
    public ClusterId? Cluster { get; private set; }

    /// <summary>The names of the records of the last view.</summary>
    public IEnumerable<string> Names => _table.Names;

    /// <summary>The time since the session began: that of the <see cref="ReadPacer"/>.</summary>
    public TimeSpan Now => time.GetElapsedTime(_begunAt);

    /// <summary>Reads once.</summary>
    /// <returns>What was read; <see langword="null"/> when changes overtook it and it is to be done again after a delay.</returns>
    public async Task<MemberView?> ReadAsync(CancellationToken ct)
    {
        var since = time.GetTimestamp();
        var now = Now;
        changed.Reset(); // What was heard until now is covered by the list that is asked for here.
        var list = await registry.ListAsync(ct).ConfigureAwait(true);
        var digest = _table.OnListed(list.Children);
        quarantine.Report(digest.Quarantined);
        if (!pacer.OnListed(now, (list.Children.Count, digest.Missing.Count), changed.IsSet))
        {
            return null;
        }

        var records = await ReadMissingAsync(digest, ct).ConfigureAwait(true);
        var read = _table.OnRead(records.Members, mayListAgain: _rereads < RereadsMax);
        quarantine.Report(read.Quarantined);
        if (!read.IsComplete)
        {
            _rereads++;
            return null;
        }

        _rereads = 0;
        pacer.OnRead(now, read.Changes, time.GetElapsedTime(since));
        return new MemberView(list.Stat.Pzxid, read.Members, [.. digest.Gone.Where(records.Tombstones.Contains)], read.Changes);
    }

    private async Task<Records> ReadMissingAsync(ListDigest digest, CancellationToken ct)
    {
        var members = new List<ReadResult>(digest.Missing.Count);
        var tombstones = new HashSet<NodeKey>();
        var extras = Extras(digest.Gone.Count > 0);
        while (members.Count < digest.Missing.Count || extras.Count > 0)
        {
            var names = digest.Missing.Skip(members.Count).Take(_batch.Current);
            ReadOp[] operations = [.. extras, .. names.Select(name => ReadOp.GetData(registry.Paths.Child(name)))];
            var results = await ReadBatchAsync(operations, ct).ConfigureAwait(true);
            TakeExtras(extras, results, tombstones);
            members.AddRange(results.Skip(extras.Count));
            extras = [];
        }

        return new Records(members, tombstones);
    }

    /// <summary>What is read along: the cluster's identity the first time, and who has left on purpose when somebody is gone.</summary>
    private List<ReadOp> Extras(bool isSomebodyGone)
    {
        var extras = new List<ReadOp>(2);
        if (Cluster is null)
        {
            extras.Add(ReadOp.GetData(registry.Paths.Cluster));
        }

        if (isSomebodyGone)
        {
            extras.Add(ReadOp.GetChildren(registry.Paths.Left));
        }

        return extras;
    }

    private async Task<IReadOnlyList<ReadResult>> ReadBatchAsync(ReadOp[] operations, CancellationToken ct)
    {
        try
        {
            var results = await registry.ReadAsync(operations, ct).ConfigureAwait(true);
            _batch.OnSuccess();
            return results;
        }
        catch (ZooKeeperException)
        {
            _batch.OnFailure();
            throw;
        }
    }

    private void TakeExtras(List<ReadOp> extras, IReadOnlyList<ReadResult> results, HashSet<NodeKey> tombstones)
    {
        for (var i = 0; i < extras.Count; i++)
        {
            if (extras[i].Path == registry.Paths.Cluster)
            {
                Cluster = DecodeCluster(results[i]);
            }
            else
            {
                tombstones.UnionWith((results[i].Children ?? []).Select(TombstoneName.TryParse).OfType<NodeKey>());
            }
        }
    }

    private ClusterId DecodeCluster(ReadResult result)
    {
        try
        {
            return result.Error == ZooKeeperErrorCode.Ok
                ? ClusterRecord.Decode(result.Data)
                : throw new RecordFormatException($"it cannot be read: {result.Error}");
        }
        catch (RecordFormatException exception)
        {
            throw new GridConfigurationException([$"Grid:Cluster: the data of '{registry.Paths.Cluster}' is not usable: {exception.Message}. Use another Root, or remove the znode if nothing else uses it."]);
        }
    }

    /// <param name="Members">The records, in the order of the names.</param>
    /// <param name="Tombstones">Memberships that ended on purpose; empty when nobody was gone.</param>
    private readonly record struct Records(List<ReadResult> Members, HashSet<NodeKey> Tombstones);
}
