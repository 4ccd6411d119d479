using System.Runtime.CompilerServices;
using Grid.Kernel.Deployment.Code;
using Microsoft.Extensions.Logging;

namespace Grid.Kernel.Deployment.Loading;

/// <summary>
/// Watches contexts that were given up until they are collected. The platform unloads code only when nothing refers to it any more, and a node
/// with little to do collects rarely; so it is asked to, now and then, while there is something to collect. What survives is reported once. Belongs to the deployment thread.
/// </summary>
internal sealed class UnloadWatch(ILogger logger)
{
    /// <summary>How many sweeps lie between two collections that are asked for.</summary>
    private const int SweepsPerCollection = 5;

    /// <summary>A context that survives so many collections is kept by something. An unload takes two by itself.</summary>
    private const int CollectionsMax = 4;

    private readonly List<Watched> _watched = [];
    private int _sweeps;

    // Read by metrics on other threads.
    private volatile int _count;
    private volatile int _kept;

    /// <summary>Contexts that are still in memory.</summary>
    public int Count => _count;

    /// <summary>Those among them that something keeps.</summary>
    public int Kept => _kept;

    public void Add(WeakReference context, CodeManifest set)
    {
        _watched.Add(new Watched(context, set.Id, set.Describe()));
        _sweeps = 0;
        Update();
    }

    /// <summary>Looks what has gone, and asks for a collection from time to time.</summary>
    public void Sweep()
    {
        RemoveCollected();
        if (_watched.Exists(watched => watched.Collections < CollectionsMax) && ++_sweeps % SweepsPerCollection == 0)
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: false);
            CountCollection();
        }
    }

    /// <summary>Collects now, because there is no room left. It stops the process for as long as a full collection takes.</summary>
    public void CollectNow()
    {
        for (var i = 0; i < CollectionsMax && _watched.Exists(watched => watched.Collections < CollectionsMax); i++)
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: true);
            GC.WaitForPendingFinalizers();
            RemoveCollected();
            CountCollection();
        }
    }

    private void CountCollection()
    {
        foreach (var watched in _watched)
        {
            if (++watched.Collections == CollectionsMax)
            {
                DeploymentLog.ContextKept(logger, watched.Set, watched.Names, CollectionsMax);
            }
        }

        Update();
    }

    // A frame of its own: the weak references' targets must not stay on this thread's stack.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void RemoveCollected()
    {
        _watched.RemoveAll(watched => !watched.Context.IsAlive);
        Update();
    }

    private void Update()
    {
        _count = _watched.Count;
        _kept = _watched.Count(watched => watched.Collections >= CollectionsMax);
    }

    private sealed class Watched(WeakReference context, CodeSetId set, string names)
    {
        public WeakReference Context { get; } = context;

        public CodeSetId Set { get; } = set;

        public string Names { get; } = names;

        public int Collections { get; set; }
    }
}
