namespace Grid.ZooKeeper.Watches;

/// <summary>
/// Which watcher watches which path, so that events find their watcher and a new connection can set the watches again. A
/// leaf: its lock guards the tables, events are delivered outside of it. Written by the reading thread (answers, events) and by disposing watchers.
/// </summary>
internal sealed class WatchTable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<WatchKind, Dictionary<string, List<Watcher>>> _tables = new()
    {
        [WatchKind.Data] = new(StringComparer.Ordinal),
        [WatchKind.Exist] = new(StringComparer.Ordinal),
        [WatchKind.Child] = new(StringComparer.Ordinal),
        [WatchKind.Persistent] = new(StringComparer.Ordinal),
        [WatchKind.Recursive] = new(StringComparer.Ordinal),
    };

    /// <summary>All watchers that live; under <see cref="_gate"/>.</summary>
    private readonly HashSet<Watcher> _watchers = [];

    /// <summary>Written under <see cref="_gate"/>, read by anyone.</summary>
    private volatile int _count;

    /// <summary>Under <see cref="_gate"/>.</summary>
    private bool _isEnded;

    /// <summary>Path and watcher pairs over all tables.</summary>
    public int Count => _count;

    /// <summary>Adds a watch; adding it again, or for a watcher that was disposed meanwhile, changes nothing.</summary>
    public void Add(WatchKind kind, string path, Watcher watcher)
    {
        lock (_gate)
        {
            if (!_watchers.Contains(watcher))
            {
                return;
            }

            var table = _tables[kind];
            if (!table.TryGetValue(path, out var watchers))
            {
                table[path] = watchers = [];
            }

            if (!watchers.Contains(watcher))
            {
                watchers.Add(watcher);
                _count++;
            }
        }
    }

    /// <summary>Forgets a watcher everywhere.</summary>
    public void Forget(Watcher watcher)
    {
        lock (_gate)
        {
            _watchers.Remove(watcher);
            foreach (var table in _tables.Values)
            {
                foreach (var (path, watchers) in table.ToArray())
                {
                    RemoveNeedsLock(table, path, watchers, watcher);
                }
            }
        }
    }

    /// <summary>
    /// Who hears an event of the wire. One-shot watches that it uses up are removed: data changes and creation use up data and exists
    /// watches, a deletion those and the child watches, a change of the children the child watches. Persistent ones stay.
    /// </summary>
    public List<Watcher> Fire(WatchEventType type, string path)
    {
        List<Watcher> hearers = [];
        lock (_gate)
        {
            if (type is WatchEventType.NodeCreated or WatchEventType.NodeDataChanged or WatchEventType.NodeDeleted)
            {
                TakeNeedsLock(WatchKind.Data, path, hearers);
                TakeNeedsLock(WatchKind.Exist, path, hearers);
            }

            if (type is WatchEventType.NodeChildrenChanged or WatchEventType.NodeDeleted)
            {
                TakeNeedsLock(WatchKind.Child, path, hearers);
            }

            Collect(_tables[WatchKind.Persistent].GetValueOrDefault(path), hearers);
            if (type != WatchEventType.NodeChildrenChanged)
            {
                CollectAncestorsNeedsLock(path, hearers);
            }
        }

        return hearers;
    }

    /// <summary>Removes the watches of a path that the server has removed.</summary>
    /// <returns>Who watched and what to tell them.</returns>
    public List<(Watcher Watcher, WatchEventType Type)> Remove(string path, WatcherType type)
    {
        List<(Watcher, WatchEventType)> removed = [];
        lock (_gate)
        {
            if (type is WatcherType.Data or WatcherType.Any)
            {
                DropNeedsLock(WatchKind.Data, path, WatchEventType.DataWatchRemoved, removed);
                DropNeedsLock(WatchKind.Exist, path, WatchEventType.DataWatchRemoved, removed);
            }

            if (type is WatcherType.Children or WatcherType.Any)
            {
                DropNeedsLock(WatchKind.Child, path, WatchEventType.ChildWatchRemoved, removed);
            }

            if (type is WatcherType.Any)
            {
                DropNeedsLock(WatchKind.Persistent, path, WatchEventType.PersistentWatchRemoved, removed);
                DropNeedsLock(WatchKind.Recursive, path, WatchEventType.PersistentWatchRemoved, removed);
            }
        }

        return removed;
    }

    /// <summary>The watched paths of one table.</summary>
    public string[] Paths(WatchKind kind)
    {
        lock (_gate)
        {
            return [.. _tables[kind].Keys];
        }
    }

    /// <summary>The watchers of one path of one table.</summary>
    public Watcher[] Watchers(WatchKind kind, string path)
    {
        lock (_gate)
        {
            return _tables[kind].TryGetValue(path, out var watchers) ? [.. watchers] : [];
        }
    }

    /// <summary>Makes a watcher known, so that it hears of the session's end also while it watches nothing.</summary>
    /// <returns>Whether the session lives; a watcher of an ended one ends at once.</returns>
    public bool TryRegister(Watcher watcher)
    {
        lock (_gate)
        {
            if (!_isEnded)
            {
                _watchers.Add(watcher);
            }

            return !_isEnded;
        }
    }

    /// <summary>Empties the tables for good and returns all watchers.</summary>
    public Watcher[] EndAll()
    {
        lock (_gate)
        {
            _isEnded = true;
            var watchers = _watchers.ToArray();
            _watchers.Clear();
            foreach (var table in _tables.Values)
            {
                table.Clear();
            }

            _count = 0;
            return watchers;
        }
    }

    private static void Collect(List<Watcher>? watchers, List<Watcher> hearers)
    {
        foreach (var watcher in watchers ?? [])
        {
            if (!hearers.Contains(watcher))
            {
                hearers.Add(watcher);
            }
        }
    }

    private void CollectAncestorsNeedsLock(string path, List<Watcher> hearers)
    {
        var table = _tables[WatchKind.Recursive];
        if (table.Count == 0)
        {
            return;
        }

        for (var end = path.Length; end > 0; end = path.LastIndexOf('/', end - 1))
        {
            Collect(table.GetValueOrDefault(path[..end]), hearers);
        }

        if (path != "/")
        {
            Collect(table.GetValueOrDefault("/"), hearers);
        }
    }

    private void TakeNeedsLock(WatchKind kind, string path, List<Watcher> hearers)
    {
        if (_tables[kind].Remove(path, out var watchers))
        {
            _count -= watchers.Count;
            Collect(watchers, hearers);
        }
    }

    private void DropNeedsLock(WatchKind kind, string path, WatchEventType type, List<(Watcher, WatchEventType)> removed)
    {
        if (_tables[kind].Remove(path, out var watchers))
        {
            _count -= watchers.Count;
            removed.AddRange(watchers.Select(watcher => (watcher, type)));
        }
    }

    private void RemoveNeedsLock(Dictionary<string, List<Watcher>> table, string path, List<Watcher> watchers, Watcher watcher)
    {
        if (!watchers.Remove(watcher))
        {
            return;
        }

        _count--;
        if (watchers.Count == 0)
        {
            table.Remove(path);
        }
    }
}
