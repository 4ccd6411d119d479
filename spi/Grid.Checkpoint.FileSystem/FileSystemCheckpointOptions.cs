using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace Grid.Checkpoint.FileSystem;

/// <summary>Where and how many: the section <c>Grid:Checkpoint:FileSystem</c>.</summary>
public sealed class FileSystemCheckpointOptions
{
    /// <summary><c>Path</c>: the folder, the same for all nodes of the cluster; required. It is made when it is missing. Its file system must have advisory locks (<c>flock</c>), as local ones and NFS 4 do.</summary>
    public required string Path { get; init; }

    /// <summary>
    /// <c>EntriesMax</c>: how many entries the folder holds at most, about: 256 to 16,777,216, default 65,536. They are spread over 256 subfolders, each of which holds a 256th; saving beyond that fails.
    /// </summary>
    public int EntriesMax { get; init; } = 65_536;

    /// <summary><c>LockWait</c>: how long an operation waits for those of other processes on the same subfolder: 10 ms to 10 minutes, default 10 s.</summary>
    public TimeSpan LockWait { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Reads them.</summary>
    /// <param name="section">The provider's own section.</param>
    /// <exception cref="GridConfigurationException">Lists every problem.</exception>
    public static FileSystemCheckpointOptions Read(IConfigurationSection section)
    {
        ArgumentNullException.ThrowIfNull(section);
        var problems = new List<string>();
        var options = new FileSystemCheckpointOptions
        {
            Path = ReadPath(section, problems),
            EntriesMax = ReadEntriesMax(section, problems),
            LockWait = ReadLockWait(section, problems),
        };
        problems.AddRange(section.GetChildren().Select(child => child.Key)
            .Where(key => !new[] { nameof(Path), nameof(EntriesMax), nameof(LockWait) }.Contains(key, StringComparer.OrdinalIgnoreCase))
            .Select(key => $"{section.Path}:{key}: the key is unknown. Accepted: EntriesMax, LockWait, Path."));
        return problems.Count == 0 ? options : throw new GridConfigurationException(problems);
    }

    private static string ReadPath(IConfigurationSection section, List<string> problems)
    {
        var path = section[nameof(Path)];
        if (string.IsNullOrWhiteSpace(path))
        {
            problems.Add($"{section.Path}:Path: the value is missing. Accepted: a folder that all nodes of the cluster reach.");
        }

        return path ?? "";
    }

    private static int ReadEntriesMax(IConfigurationSection section, List<string> problems)
    {
        const int Most = 1 << 24;
        if (section[nameof(EntriesMax)] is not { Length: > 0 } text)
        {
            return 65_536;
        }

        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value is >= 256 and <= Most)
        {
            return value;
        }

        problems.Add($"{section.Path}:EntriesMax: '{text}' is not accepted. Accepted: a whole number from 256 to {Most}.");
        return 65_536;
    }

    private static TimeSpan ReadLockWait(IConfigurationSection section, List<string> problems)
    {
        var fallback = TimeSpan.FromSeconds(10);
        if (section[nameof(LockWait)] is not { Length: > 0 } text)
        {
            return fallback;
        }

        if (text.Contains(':', StringComparison.Ordinal) && TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var value) && value >= TimeSpan.FromMilliseconds(10) && value <= TimeSpan.FromMinutes(10))
        {
            return value;
        }

        problems.Add($"{section.Path}:LockWait: '{text}' is not accepted. Accepted: a duration from 00:00:00.0100000 to 00:10:00, written hours:minutes:seconds, for example 00:00:20.");
        return fallback;
    }
}
