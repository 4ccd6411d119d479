using System.Collections.Concurrent;
using System.Text;

namespace Grid.Chaos.Record;

/// <summary>
/// What one process says. Each entry is one write to the end of a file of its own: it is there although the process is killed after it. Any thread.
/// </summary>
internal sealed class RecordFile
{
    private static readonly ConcurrentDictionary<string, RecordFile> Open = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();
    private readonly FileStream _file;

    private RecordFile(string folder) =>
        _file = new FileStream(Path.Combine(folder, $"{Environment.ProcessId}-{Guid.NewGuid():n}.record"), FileMode.CreateNew, FileAccess.Write, FileShare.Read, bufferSize: 0);

    /// <summary>This process's file in a folder; stays open.</summary>
    public static RecordFile In(string folder) => Open.GetOrAdd(folder, static path => new RecordFile(path));

    public void Write(Entry entry)
    {
        // Counts from the start of the machine, so the times of its processes can be compared.
        var line = Encoding.UTF8.GetBytes((entry with { At = TimeProvider.System.GetElapsedTime(0) }).ToLine());
        lock (_gate)
        {
            _file.Write(line);
        }
    }

    /// <summary>All entries of all processes, those of one process in their order.</summary>
    public static IEnumerable<Entry> ReadAll(string folder) =>
        Directory.EnumerateFiles(folder, "*.record").SelectMany(ReadLines).Select(Entry.Parse).OfType<Entry>();

    private static List<string> ReadLines(string file)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(stream);
        var lines = new List<string>();
        while (reader.ReadLine() is { } line)
        {
            lines.Add(line);
        }

        return lines;
    }
}
