using System.Collections.Concurrent;

namespace Grid.Kernel.Tests.ForkJoin;

/// <summary>Who has come, under a name: nodes of one process share it.</summary>
internal sealed class Seen
{
    private static readonly ConcurrentDictionary<string, Seen> Named = new();

    private readonly Lock _gate = new();
    private readonly HashSet<string> _nodes = new(StringComparer.Ordinal);
    private readonly Dictionary<int, TaskCompletionSource> _waiting = [];

    /// <returns>Whether it was the first time.</returns>
    public static bool Add(string name, string node)
    {
        var seen = Of(name);
        lock (seen._gate)
        {
            var isNew = seen._nodes.Add(node);
            foreach (var (count, waiting) in seen._waiting)
            {
                if (seen._nodes.Count >= count)
                {
                    waiting.TrySetResult();
                }
            }

            return isNew;
        }
    }

    public static int Count(string name)
    {
        var seen = Of(name);
        lock (seen._gate)
        {
            return seen._nodes.Count;
        }
    }

    public static Task WhenAsync(string name, int count)
    {
        var seen = Of(name);
        lock (seen._gate)
        {
            if (seen._nodes.Count >= count)
            {
                return Task.CompletedTask;
            }

            if (!seen._waiting.TryGetValue(count, out var waiting))
            {
                seen._waiting.Add(count, waiting = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
            }

            return waiting.Task;
        }
    }

    private static Seen Of(string name) => Named.GetOrAdd(name, _ => new Seen());
}
