using System.Collections.Concurrent;

namespace Grid.Kernel.Tests.Compute;

/// <summary>Where jobs of this process write in order; found by name, because jobs get copies of what they capture.</summary>
internal static class Journal
{
    private static readonly ConcurrentDictionary<string, ConcurrentQueue<int>> Entries = new();

    public static void Write(string name, int entry) => Entries.GetOrAdd(name, _ => new ConcurrentQueue<int>()).Enqueue(entry);

    public static int[] Read(string name) => Entries.TryGetValue(name, out var entries) ? [.. entries] : [];
}
