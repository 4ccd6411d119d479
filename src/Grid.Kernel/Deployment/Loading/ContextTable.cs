using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Grid.Kernel.Deployment.Cache;
using Microsoft.Extensions.Logging;

namespace Grid.Kernel.Deployment.Loading;

/// <summary>
/// The code that is loaded, and when it goes: when its submitters are gone, when it has been idle for long, or when there is no room for other code. Jobs take leases on any
/// thread; all else happens on the deployment thread.
/// </summary>
internal sealed class ContextTable(DeploymentOptions options, TimeProvider time, DeploymentMetrics metrics, UnloadWatch watch, CodeCache cache, ILogger logger)
{
    private readonly ConcurrentDictionary<CodeKey, CodeContext> _contexts = new();

    // Contexts in the table that are not this program.
    private volatile int _live;

    public int Live => _live;

    /// <summary>How many contexts there are: live, given up but still in memory, and of these those that something keeps.</summary>
    public (int Live, int Uncollected, int Kept) Counts => (_live, watch.Count, watch.Kept);

    public bool IsEmpty => _live == 0 && watch.Count == 0;

    /// <summary>Takes a lease on code that is loaded.</summary>
    public bool TryLease(CodeKey key, NodeKey submitter, [NotNullWhen(true)] out CodeContext? context) =>
        _contexts.TryGetValue(key, out context) && context.TryLease(submitter);

    /// <summary>Notes that a set is what this program consists of.</summary>
    public void AddProgram(CodeKey key, CodeContext program) => _contexts[key] = program;

    /// <summary>Adds a context, for which there is room. Its files have been pinned in the cache; they stay so until it is retired.</summary>
    public void Add(CodeContext context)
    {
        context.IdleSince = time.GetTimestamp();
        _contexts[context.Key] = context;
        _live++;
        metrics.CountLoaded();
    }

    /// <summary>Makes room for one more context.</summary>
    /// <exception cref="CodeUnavailableException">All are in use, or kept by something.</exception>
    public void MakeRoom()
    {
        while (_live + watch.Count >= options.ContextsMax)
        {
            if (_live + watch.Kept < options.ContextsMax && watch.Count > watch.Kept)
            {
                watch.CollectNow();
                if (_live + watch.Count < options.ContextsMax)
                {
                    return;
                }
            }

            if (!RetireOldest())
            {
                throw new CodeUnavailableException(string.Create(
                    CultureInfo.InvariantCulture,
                    $"no other code can be loaded: {_live} load contexts are in use and {watch.Count} that were given up are kept in memory by something, of {options.ContextsMax} (Grid:Deployment:ContextsMax)"));
            }
        }
    }

    /// <summary>A submitter is gone: what only it used can go when its jobs are done.</summary>
    public void Forget(NodeKey submitter)
    {
        foreach (var context in Shipped())
        {
            context.Forget(submitter);
        }

        RetireUnneeded();
    }

    /// <summary>Gives up what has no reason to stay, and looks after what was given up before.</summary>
    public void Sweep()
    {
        RetireUnneeded();
        watch.Sweep();
    }

    /// <summary>Gives up everything.</summary>
    public void Clear()
    {
        foreach (var context in Shipped())
        {
            TryRetire(context, "the node stops");
        }
    }

    private void RetireUnneeded()
    {
        var now = time.GetTimestamp();
        foreach (var context in Shipped())
        {
            if (context.TakeWasUsed() || !context.IsIdle)
            {
                context.IdleSince = now;
            }

            if (context.IsIdle && ReasonToGo(context, now) is { } reason)
            {
                TryRetire(context, reason);
            }
        }
    }

    private IEnumerable<CodeContext> Shipped() => _contexts.Select(pair => pair.Value).Where(context => context.Set is not null);

    private string? ReasonToGo(CodeContext context, long now)
    {
        if (context.IsDeserted)
        {
            return "its submitters are gone";
        }

        var limit = context.Key.IsPrivate ? options.PrivateIdleTimeout : options.IdleTimeout;
        return time.GetElapsedTime(context.IdleSince, now) >= limit ? "it was idle" : null;
    }

    private bool RetireOldest()
    {
        foreach (var context in Shipped().Where(context => context.IsIdle).OrderBy(context => context.IdleSince).ToList())
        {
            if (TryRetire(context, "room was needed"))
            {
                return true;
            }
        }

        return false;
    }

    private bool TryRetire(CodeContext context, string reason)
    {
        if (context.TryRetire() is not { } unloading)
        {
            return false;
        }

        _contexts.TryRemove(new KeyValuePair<CodeKey, CodeContext>(context.Key, context));
        _live--;
        metrics.CountUnloaded();
        watch.Add(unloading, context.Set!);
        cache.Unpin(context.Set!.Files.Select(file => file.Hash));
        DeploymentLog.CodeUnloaded(logger, context.Key.Set, context.Set!.Describe(), reason);
        return true;
    }
}
