using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;

namespace Grid.Samples.FileDiscovery;

/// <summary>
/// The files of one cluster, changed and read under one lock: <c>state</c> (the cluster's id, the version, the last join order), and for each member <c>key.member</c> (its record as JSON),
/// <c>key.life</c> (locked by its process) and, once it has left on purpose, <c>key.left</c>.
/// </summary>
public sealed class SharedFolder(string root, string cluster, TimeProvider time)
{
    private const int RecordBytesMax = 64 * 1024;
    private static readonly TimeSpan LockTimeout = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LockPause = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan LeftMarksKept = TimeSpan.FromDays(1);
    private readonly string _folder = Path.Combine(root, Uri.EscapeDataString(cluster));

    /// <summary>Makes the cluster's folder unless somebody has.</summary>
    public async Task<ClusterId> CreateAsync(CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        if (!Directory.Exists(root))
        {
            throw new DiscoveryException($"The folder {root} does not exist. Create it, or mount the share, on every node.");
        }

        Directory.CreateDirectory(_folder);
        return await LockedAsync(() => Change(state => (state, state)), ct).ConfigureAwait(false) is { } state ? state.Cluster : default;
    }

    /// <summary>Makes a node a member.</summary>
    public Task<Membership> RegisterAsync(NodeInfo local, CancellationToken ct)
    {
        _ = Encode(local); // A record that is too large is refused before anything is written.
        return LockedAsync(() => Change(state =>
        {
            DropOldMarks();
            var order = state.LastJoin + 1;
            File.WriteAllBytes(FileOf(local.Key, "member"), Encode(local with { JoinOrder = order }));
            var life = new FileStream(FileOf(local.Key, "life"), FileMode.Create, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose);
            return (state with { Version = state.Version + 1, LastJoin = order }, new Membership(local.Key, FileOf(local.Key, "member"), life));
        }), ct);
    }

    /// <summary>Replaces a member's record.</summary>
    /// <returns>False when it is no member any more.</returns>
    public Task<bool> UpdateAsync(Membership held, NodeInfo local, CancellationToken ct) => LockedAsync(() => Change(state =>
    {
        if (Read(held.File) is not { } before)
        {
            return (state, false);
        }

        File.WriteAllBytes(held.File, Encode(local with { JoinOrder = before.JoinOrder }));
        return (state with { Version = state.Version + 1 }, true);
    }), ct);

    /// <summary>Takes a member out, with a mark that it went on purpose.</summary>
    public Task LeaveAsync(Membership held, CancellationToken ct) => LockedAsync(() => Change(state =>
    {
        File.WriteAllBytes(FileOf(held.Key, "left"), []);
        File.Delete(held.File);
        return (state with { Version = state.Version + 1 }, true);
    }), ct);

    /// <summary>Who is a member, and whose departures were on purpose. Members whose process is gone are taken out on the way.</summary>
    public Task<(long Version, ImmutableArray<NodeInfo> Members, HashSet<NodeKey> Left)> LookAsync(CancellationToken ct) => LockedAsync(() => Change(state =>
    {
        var members = Directory.EnumerateFiles(_folder, "*.member").Select(Read).OfType<NodeInfo>().ToLookup(member => IsHeld(FileOf(member.Key, "life")));
        foreach (var dead in members[false])
        {
            File.Delete(FileOf(dead.Key, "member"));
            File.Delete(FileOf(dead.Key, "life"));
            state = state with { Version = state.Version + 1 };
        }

        var left = Directory.EnumerateFiles(_folder, "*.left").Select(file => ParseKey(Path.GetFileNameWithoutExtension(file))).OfType<NodeKey>().ToHashSet();
        // A file that was deleted by hand changes the members, too.
        var count = members[true].Count();
        state = count == state.Count || members[false].Any() ? state with { Count = count } : state with { Count = count, Version = state.Version + 1 };
        return (state, (state.Version, members[true].OrderBy(member => member.JoinOrder).ToImmutableArray(), left));
    }), ct);

    private T Change<T>(Func<State, (State After, T Result)> change)
    {
        var file = Path.Combine(_folder, "state");
        var before = File.Exists(file) ? JsonSerializer.Deserialize(File.ReadAllBytes(file), RecordFormat.Default.State)! : State.New();
        var (after, result) = change(before);
        if (after != before || !File.Exists(file))
        {
            File.WriteAllBytes(file + ".new", JsonSerializer.SerializeToUtf8Bytes(after, RecordFormat.Default.State));
            File.Move(file + ".new", file, overwrite: true);
        }

        return result;
    }

    /// <summary>Runs a piece of file work on a thread that may wait, while nobody else is in the folder.</summary>
    private async Task<T> LockedAsync<T>(Func<T> work, CancellationToken ct)
    {
        var since = time.GetTimestamp();
        while (true)
        {
            ct.ThrowIfCancellationRequested();
            try
            {
                return await Task.Run(() => Locked(work), CancellationToken.None).ConfigureAwait(false);
            }
            catch (IOException exception) when (exception is DirectoryNotFoundException || time.GetElapsedTime(since) > LockTimeout)
            {
                throw new DiscoveryException($"The folder {_folder} cannot be used: {exception.Message}", exception);
            }
            catch (IOException)
            {
                await Task.Delay(LockPause, time, ct).ConfigureAwait(false); // Somebody else is in.
            }
            catch (Exception exception) when (exception is UnauthorizedAccessException or JsonException)
            {
                throw new DiscoveryException($"The folder {_folder} cannot be used: {exception.Message}", exception);
            }
        }
    }

    private T Locked<T>(Func<T> work)
    {
        using var gate = new FileStream(Path.Combine(_folder, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        return work();
    }

    private void DropOldMarks()
    {
        foreach (var file in Directory.EnumerateFiles(_folder, "*.left").Where(file => time.GetUtcNow() - File.GetLastWriteTimeUtc(file) > LeftMarksKept))
        {
            File.Delete(file);
        }
    }

    private static bool IsHeld(string life)
    {
        try
        {
            using var taken = new FileStream(life, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
            return false;
        }
        catch (IOException exception)
        {
            return exception is not (FileNotFoundException or DirectoryNotFoundException);
        }
    }

    private static NodeInfo? Read(string file)
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(file), RecordFormat.Default.NodeInfo) is { } node ? node with { Attributes = node.Attributes.WithComparers(StringComparer.Ordinal) } : null;
        }
        catch (Exception exception) when (exception is JsonException or FileNotFoundException)
        {
            return null; // Not a member's record: somebody else's file, or one that is being made when the power failed.
        }
    }

    private static byte[] Encode(NodeInfo node)
    {
        var bytes = JsonSerializer.SerializeToUtf8Bytes(node, RecordFormat.Default.NodeInfo);
        return bytes.Length <= RecordBytesMax ? bytes
            : throw new GridConfigurationException([$"Grid:Node: the record of node '{node.Name}' takes {bytes.Length} bytes; at most {RecordBytesMax} are accepted. Give it fewer or shorter attributes."]);
    }

    private string FileOf(NodeKey key, string kind) => Path.Combine(_folder, string.Create(CultureInfo.InvariantCulture, $"{key.Id}-{key.Incarnation}.{kind}"));

    private static NodeKey? ParseKey(string name) =>
        name.Split('-') is [var id, var incarnation] && NodeId.TryParse(id, out var node) && long.TryParse(incarnation, CultureInfo.InvariantCulture, out var number)
            ? new NodeKey(node, number) : null;

    internal sealed record State(ClusterId Cluster, long Version, long LastJoin, int Count)
    {
        public static State New() => new(new ClusterId(BinaryPrimitives.ReadUInt128LittleEndian(RandomNumberGenerator.GetBytes(16))), 1, 0, 0);
    }
}
