using System.Collections.Concurrent;
using System.Diagnostics;
using Grid.Kernel.Deployment.Code;
using Grid.Serialization;

namespace Grid.Kernel.Deployment.Loading;

/// <summary>
/// Code that jobs can run: a set in a load context of its own, or this program itself. A job holds a lease on it while it is here; without leases it can be retired, once, after which
/// nobody gets one any more.
/// </summary>
internal sealed class CodeContext
{
    private const int Retired = -1;

    private readonly JobLoadContext? _context;

    // The submitters that have used it and are not known to be gone.
    private readonly ConcurrentDictionary<NodeKey, byte> _users = new();

    // Jobs that hold it, or Retired.
    private int _leases;

    // Set by leases, taken by the sweep.
    private bool _wasUsed = true;

    private CodeContext(CodeKey key, CodeManifest? set, JobLoadContext? context, GridSerializer serializer)
    {
        Key = key;
        Set = set;
        _context = context;
        Serializer = serializer;
    }

    public CodeKey Key { get; }

    /// <summary>The code; null for this program.</summary>
    public CodeManifest? Set { get; }

    /// <summary>Reads and writes what its jobs take and give.</summary>
    public GridSerializer Serializer { get; }

    /// <summary>Since when no job has held it, on the node's clock. Belongs to the sweep.</summary>
    public long IdleSince { get; set; }

    public bool IsIdle => Volatile.Read(ref _leases) == 0;

    /// <summary>Whether every submitter that has used it is gone.</summary>
    public bool IsDeserted => _users.IsEmpty;

    /// <summary>This program's own code.</summary>
    public static CodeContext OfProgram(GridSerializer serializer) => new(default, null, null, serializer);

    /// <summary>A set in a load context of its own.</summary>
    public static CodeContext Of(CodeKey key, CodeManifest set, JobLoadContext context, GridSerializer serializer) => new(key, set, context, serializer);

    /// <summary>Takes a lease for a job.</summary>
    /// <returns>False when the context has been retired.</returns>
    public bool TryLease(NodeKey submitter)
    {
        if (_context is null)
        {
            return true;
        }

        for (var leases = Volatile.Read(ref _leases); leases != Retired; leases = Volatile.Read(ref _leases))
        {
            if (Interlocked.CompareExchange(ref _leases, leases + 1, leases) == leases)
            {
                Volatile.Write(ref _wasUsed, true);
                if (!_users.ContainsKey(submitter))
                {
                    _users.TryAdd(submitter, 0);
                }

                return true;
            }
        }

        return false;
    }

    /// <summary>Gives a lease back.</summary>
    public void Release()
    {
        if (_context is not null)
        {
            var left = Interlocked.Decrement(ref _leases);
            Debug.Assert(left >= 0);
        }
    }

    /// <summary>Whether a lease was taken since this was asked last.</summary>
    public bool TakeWasUsed()
    {
        var was = Volatile.Read(ref _wasUsed);
        Volatile.Write(ref _wasUsed, false);
        return was;
    }

    public void Forget(NodeKey submitter) => _users.TryRemove(submitter, out _);

    /// <summary>Ends it, unless a job holds it.</summary>
    /// <returns>A weak reference to what is to be collected now; null when a job holds it, or it was retired before.</returns>
    public WeakReference? TryRetire()
    {
        if (_context is null || Interlocked.CompareExchange(ref _leases, Retired, 0) != 0)
        {
            return null;
        }

        _context.Unload();
        return new WeakReference(_context);
    }
}
