using System.Buffers.Binary;
using System.Security.Cryptography;
using Grid.Discovery.ZooKeeper.Records;
using Grid.ZooKeeper;

namespace Grid.Discovery.ZooKeeper.Session;

/// <summary>
/// Registers, updates and signs off the local node within one session, whatever is in the way and whichever answers are lost. A znode that another session owns
/// is never written to: it would vanish with its owner. It is deleted, by version, in the transaction that creates ours.
/// </summary>
internal sealed class Registrar(ClusterRegistry registry, ClusterId proposedCluster)
{
    private const int AttemptsMax = 10;

    private readonly Dictionary<string, int> _obstacles = new(StringComparer.Ordinal);
    private Registration? _current;

    /// <summary>A revision whose transaction got no answer: it is either this one or the current one.</summary>
    private Registration? _uncertain;

    public Registration Current => _current ?? throw new InvalidOperationException("Nothing was registered in this session.");

    /// <summary>The czxid of the first record of the membership, which the first view shows. Its later records carry it.</summary>
    public long JoinOrder { get; set; }

    /// <summary>An identity for a cluster that does not exist yet.</summary>
    public static ClusterId NewClusterId() => new(BinaryPrimitives.ReadUInt128LittleEndian(RandomNumberGenerator.GetBytes(16)));

    /// <summary>Creates the cluster's znodes with the identity that was proposed, unless somebody has.</summary>
    public Task CreateClusterAsync(CancellationToken ct) => registry.CreateClusterAsync(proposedCluster, ct);

    /// <summary>Registers. One request when nothing is in the way.</summary>
    /// <param name="registration">The first record of the membership.</param>
    /// <param name="predecessor">An earlier membership of this process, which may still be registered; it is removed.</param>
    /// <param name="ct">Gives the attempt up.</param>
    public async Task RegisterAsync(Registration registration, MemberName? predecessor, CancellationToken ct)
    {
        if (predecessor is { } name && await registry.ExistsAsync(registry.Paths.Member(name), ct).ConfigureAwait(true) is { } stat)
        {
            _obstacles[registry.Paths.Member(name)] = stat.Version;
        }

        for (var attempt = 1; !await TryRegisterAsync(registration, ct).ConfigureAwait(true); attempt++)
        {
            if (attempt == AttemptsMax)
            {
                throw new DiscoveryException($"{registration.Name.Key} could not be registered in {AttemptsMax} attempts: somebody else changes '{registry.Paths.Cluster}' all the time. "
                    + "See that no two running nodes advertise the same address.");
            }
        }

        _current = registration;
        _obstacles.Clear();
    }

    /// <summary>Replaces the record.</summary>
    /// <exception cref="ZooKeeperException">If it is transient, the same call may be repeated.</exception>
    public async Task UpdateAsync(NodeInfo node, CancellationToken ct)
    {
        await SettleAsync(ct).ConfigureAwait(true);
        var next = Registration.Of(node with { JoinOrder = JoinOrder }, Current.Name.Next(), registry.Paths);
        _uncertain = next;
        try
        {
            await registry.ReplaceAsync(Current, next, ct).ConfigureAwait(true);
        }
        catch (ZooKeeperException exception) when (!exception.MayHaveBeenApplied)
        {
            _uncertain = null;
            throw;
        }

        (_current, _uncertain) = (next, null);
    }

    /// <summary>Takes the member out of the list and leaves the mark of a good-bye.</summary>
    public async Task LeaveAsync(CancellationToken ct)
    {
        await SettleAsync(ct).ConfigureAwait(true);
        await registry.LeaveAsync(Current.Name, ct).ConfigureAwait(true);
    }

    /// <summary>Finds out which of two revisions is registered, if the answer to an update was lost; <see cref="Current"/> is right afterwards.</summary>
    public async Task SettleAsync(CancellationToken ct)
    {
        if (_uncertain is { } uncertain)
        {
            var stat = await registry.ExistsAsync(registry.Paths.Member(uncertain.Name), ct).ConfigureAwait(true);
            (_current, _uncertain) = (stat is null ? _current : uncertain, null);
        }
    }

    private async Task<bool> TryRegisterAsync(Registration registration, CancellationToken ct)
    {
        try
        {
            await registry.RegisterAsync(registration, _obstacles, ct).ConfigureAwait(true);
            return true;
        }
        catch (ZooKeeperException exception) when (exception.IsTransient)
        {
            // Requests made now wait for the next connection of the same session.
            return await IsMineAsync(registry.Paths.Member(registration.Name), ct).ConfigureAwait(true);
        }
        catch (MultiException exception)
        {
            return await ClearTheWayAsync(exception, registration, ct).ConfigureAwait(true);
        }
    }

    private async Task<bool> ClearTheWayAsync(MultiException refusal, Registration registration, CancellationToken ct)
    {
        var path = refusal.Path ?? registry.Paths.Cluster;
        switch (refusal.Code)
        {
            case ZooKeeperErrorCode.NodeExists:
                return await OvertakeAsync(path, registration, ct).ConfigureAwait(true);
            case ZooKeeperErrorCode.NoNode or ZooKeeperErrorCode.BadVersion when _obstacles.Remove(path):
                return false; // It went, or changed, by itself.
            case ZooKeeperErrorCode.NoNode:
                await CreateClusterAsync(ct).ConfigureAwait(true);
                return false;
            case ZooKeeperErrorCode.BadVersion:
                throw new GridConfigurationException([$"Grid:Cluster: '{registry.Paths.Cluster}' has a layout that this version of Grid does not know (expected layout {ClusterRecord.LayoutVersion}). Join with the version that the other members run, or use another Root."]);
            default:
                throw refusal;
        }
    }

    /// <summary>Something has the name of ours: an earlier attempt of this session, or what a dead session has left.</summary>
    private async Task<bool> OvertakeAsync(string path, Registration registration, CancellationToken ct)
    {
        if (await registry.ExistsAsync(path, ct).ConfigureAwait(true) is not { } stat)
        {
            return false;
        }

        if (stat.EphemeralOwner == registry.Client.Session?.SessionId && path == registry.Paths.Member(registration.Name))
        {
            return true;
        }

        _obstacles[path] = stat.Version;
        return false;
    }

    private async Task<bool> IsMineAsync(string path, CancellationToken ct)
    {
        try
        {
            return await registry.ExistsAsync(path, ct).ConfigureAwait(true) is { } stat && stat.EphemeralOwner == registry.Client.Session?.SessionId;
        }
        catch (ZooKeeperException exception) when (exception.IsTransient)
        {
            return false; // Ask again with the next attempt.
        }
    }
}
