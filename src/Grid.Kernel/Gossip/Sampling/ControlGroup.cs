namespace Grid.Kernel.Gossip.Sampling;

/// <summary>
/// The Linux control group of this process, of version 1 or 2: what it may use and what it uses. A limit of any group above it holds too, so all of them are
/// read. See the kernel's documentation, "Control Group v2" and "CPU Accounting Controller". One thread uses it.
/// </summary>
internal sealed class ControlGroup : IDisposable
{
    // Version 1 says "no limit" with the greatest number of whole pages.
    private const long NoLimitBytes = 1L << 60;

    private readonly StatFile[] _quotas;
    private readonly StatFile[] _periods; // Version 1 only: one per quota.
    private readonly StatFile? _processorTime;
    private readonly (StatFile Limit, StatFile Used, StatFile? Detail)[] _memory;
    private readonly bool _isUnified;

    private ControlGroup(bool isUnified, IReadOnlyList<string> cpu, IReadOnlyList<string> accounting, IReadOnlyList<string> memory)
    {
        _isUnified = isUnified;
        _quotas = OpenAll(cpu, isUnified ? "cpu.max" : "cpu.cfs_quota_us");
        _periods = isUnified ? [] : OpenAll(cpu, "cpu.cfs_period_us");
        _processorTime = OpenAll(accounting, isUnified ? "cpu.stat" : "cpuacct.usage") is [var first, ..] ? first : null;
        _memory = [.. memory.Select(folder => (
            StatFile.TryOpen(Path.Combine(folder, isUnified ? "memory.max" : "memory.limit_in_bytes")),
            StatFile.TryOpen(Path.Combine(folder, isUnified ? "memory.current" : "memory.usage_in_bytes")),
            StatFile.TryOpen(Path.Combine(folder, "memory.stat")))).Where(files => files is { Item1: not null, Item2: not null })!];
    }

    /// <summary>Finds the group of this process.</summary>
    /// <param name="root">Where the file system begins: <c>/</c>, or a copy of the files in a test.</param>
    public static ControlGroup Find(string root = "/")
    {
        var mount = Path.Combine(root, "sys/fs/cgroup");
        var paths = ReadPaths(Path.Combine(root, "proc/self/cgroup"));
        return File.Exists(Path.Combine(mount, "cgroup.controllers"))
            ? new ControlGroup(true, Unified(""), Unified(""), Unified(""))
            : new ControlGroup(false, Folders(mount, "cpu", paths), Folders(mount, "cpuacct", paths), Folders(mount, "memory", paths));

        List<string> Unified(string controller) => Ancestors(mount, paths.GetValueOrDefault(controller, "/"));
    }

    /// <summary>How many processors the group may keep busy, or null without a limit.</summary>
    public double? ReadProcessorLimit()
    {
        double? least = null;
        for (var i = 0; i < _quotas.Length; i++)
        {
            var quota = _quotas[i].Read();
            var micros = StatText.NumberAt(quota, 0);
            var period = _isUnified ? StatText.NumberAt(quota, 1) : i < _periods.Length ? StatText.NumberAt(_periods[i].Read(), 0) : null;
            if (micros > 0 && period > 0)
            {
                least = Math.Min(least ?? double.MaxValue, (double)micros.Value / period.Value);
            }
        }

        return least;
    }

    /// <summary>The processor time that the group has used, or null when it is not told.</summary>
    public TimeSpan? ReadProcessorTime()
    {
        if (_processorTime is null)
        {
            return null;
        }

        var text = _processorTime.Read();
        var micros = _isUnified ? StatText.NumberOf(text, "usage_usec"u8) : StatText.NumberAt(text, 0) / 1000;
        return micros is { } value ? TimeSpan.FromMicroseconds(value) : null;
    }

    /// <summary>The tightest memory limit above this process and what is used of it, both in bytes; null without a limit.</summary>
    public (long Limit, long Used)? ReadMemory()
    {
        (long Limit, long Used)? tightest = null;
        foreach (var (limitFile, usedFile, detailFile) in _memory)
        {
            if (StatText.NumberAt(limitFile.Read(), 0) is > 0 and < NoLimitBytes and var limit && StatText.NumberAt(usedFile.Read(), 0) is { } used
                && (tightest is null || limit - used < tightest.Value.Limit - tightest.Value.Used))
            {
                // Caches of files that were not used lately are counted as used and given back when they are needed.
                var droppable = detailFile is null ? null : StatText.NumberOf(detailFile.Read(), _isUnified ? "inactive_file"u8 : "total_inactive_file"u8);
                tightest = (limit, Math.Max(0, used - (droppable ?? 0)));
            }
        }

        return tightest;
    }

    public void Dispose()
    {
        foreach (var file in _quotas.Concat(_periods).Append(_processorTime).Concat(_memory.SelectMany(files => new[] { files.Limit, files.Used, files.Detail })))
        {
            file?.Dispose();
        }
    }

    /// <summary>The group's path per controller; version 2 has one for all, under the empty name.</summary>
    private static Dictionary<string, string> ReadPaths(string file)
    {
        var paths = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in File.Exists(file) ? File.ReadAllLines(file) : [])
        {
            if (line.Split(':', 3) is [_, var controllers, var path])
            {
                foreach (var controller in controllers.Split(','))
                {
                    paths[controller] = path;
                }
            }
        }

        return paths;
    }

    private static List<string> Folders(string mount, string controller, Dictionary<string, string> paths)
    {
        // The controllers cpu and cpuacct are often mounted together, under both names.
        var folder = new[] { controller, "cpu,cpuacct" }.Select(name => Path.Combine(mount, name)).FirstOrDefault(Directory.Exists);
        return folder is null ? [] : Ancestors(folder, paths.GetValueOrDefault(controller, "/"));
    }

    /// <summary>The folder of a group and those above it, innermost first. Inside a container the path may be the host's: then only the root is there.</summary>
    private static List<string> Ancestors(string mount, string path)
    {
        var folders = new List<string>();
        for (var rest = path.Trim('/'); rest.Length > 0; rest = rest.LastIndexOf('/') is >= 0 and var slash ? rest[..slash] : "")
        {
            folders.Add(Path.Combine(mount, rest));
        }

        folders.Add(mount);
        return folders.FindAll(Directory.Exists);
    }

    private static StatFile[] OpenAll(IEnumerable<string> folders, string name) =>
        [.. folders.Select(folder => StatFile.TryOpen(Path.Combine(folder, name))).OfType<StatFile>()];
}
