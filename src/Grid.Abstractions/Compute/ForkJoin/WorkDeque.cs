using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Grid;

/// <summary>
/// The tasks that one worker has forked and not begun: the worker pushes and pops at the bottom, others steal the oldest at the top.
/// After D. Chase, Y. Lev: Dynamic Circular Work-Stealing Deque (SPAA 2005), with the orders of N. M. Lê, A. Pop, A. Cohen, F. Zappa Nardelli:
/// Correct and Efficient Work-Stealing for Weak Memory Models (PPoPP 2013).
/// </summary>
/// <remarks>
/// <para>
/// The orders, in terms of .NET's memory model (volatile reads acquire, volatile writes release, interlocked operations are full fences; the JIT keeps
/// volatile and interlocked accesses in program order):
/// </para>
/// <para>
/// Push writes the slot, then releases the new bottom: a thief that acquires this bottom sees the task and all that its maker wrote into it. Lê's release fence and relaxed
/// store are the one volatile write.
/// </para>
/// <para>
/// Pop must announce the lower bottom before it reads top, a store before a load, which nothing but a full fence orders: the exchange is both, as Lê's store and
/// sequentially consistent fence. A thief reads top, fences, reads bottom. Of two such fences one comes first: either the thief sees the lower bottom and leaves the last task alone, or the owner sees
/// that top has moved; when both want the last task, the compare-and-swap of top decides, in which every taker of the last task takes part.
/// </para>
/// <para>
/// A thief reads the slot before it takes the index, because afterwards the owner may use the slot again. It may read nonsense then (another task, or
/// null where the owner has popped), but only if top has moved, and its compare-and-swap fails. Indices are 64 bits and never come back, so there is no ABA.
/// </para>
/// <para>
/// Growing copies what lies between top and bottom and releases the new array. The old one is not written to any more, so a thief that still reads it finds the right task
/// for every index that it can win.
/// </para>
/// </remarks>
internal sealed class WorkDeque
{
    /// <summary>How many tasks one worker may have forked and not joined.</summary>
    public const int CapacityMax = 1 << 24;

    private const int InitialCapacity = 256;

    // Written by the owner; thieves read it.
    private Slot[] _slots = new Slot[InitialCapacity];

    // The index after the newest task. Written by the owner; thieves read it.
    private long _bottom;

    // What the owner last saw of top: the deque is at most this long. The owner's alone.
    private long _topSeen;

    // The index of the oldest task. Moved up by whoever takes it.
    private PaddedIndex _top;

    /// <summary>About how many tasks there are; exact when nobody takes or adds any.</summary>
    public int Count => (int)Math.Max(0, Volatile.Read(ref _bottom) - Volatile.Read(ref _top.Value));

    /// <summary>Adds a task. The owner's.</summary>
    /// <exception cref="InvalidOperationException">There are <see cref="CapacityMax"/> tasks already.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Push(ForkJoinTask task)
    {
        var bottom = _bottom;
        var slots = _slots;
        if (bottom - _topSeen >= slots.Length)
        {
            slots = MakeRoom();
        }

        SlotAt(slots, bottom).Task = task;
        Volatile.Write(ref _bottom, bottom + 1);
    }

    /// <summary>Takes a task back if it is the newest. The owner's.</summary>
    /// <returns>False when it is not at the bottom, or was stolen.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryPop(ForkJoinTask task)
    {
        var bottom = _bottom - 1;
        ref var slot = ref SlotAt(_slots, bottom);

        // Whether it is in the slot is certain, as only the owner puts tasks there; whether it is still to be had, the indices tell.
        return slot.Task == task && TryTakeBottom(bottom, ref slot);
    }

    /// <summary>Takes the newest task. The owner's.</summary>
    public bool TryPop([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out ForkJoinTask? task)
    {
        var bottom = _bottom - 1;
        ref var slot = ref SlotAt(_slots, bottom);
        task = slot.Task;
        return task is not null && TryTakeBottom(bottom, ref slot);
    }

    /// <summary>Takes the oldest task. Any thread's.</summary>
    /// <returns>The task, or null when there is none or another thief was faster: <see cref="Count"/> tells which.</returns>
    public ForkJoinTask? TrySteal()
    {
        var top = Volatile.Read(ref _top.Value);
        Interlocked.MemoryBarrier();
        if (top >= Volatile.Read(ref _bottom))
        {
            return null;
        }

        var slots = Volatile.Read(ref _slots);
        ref var slot = ref SlotAt(slots, top);
        var task = Volatile.Read(ref slot.Task);
        if (Interlocked.CompareExchange(ref _top.Value, top + 1, top) != top)
        {
            return null;
        }

        // The deque must not keep what is done with alive. The owner may have put another task there already.
        Interlocked.CompareExchange(ref slot.Task, null, task);
        return task;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ref Slot SlotAt(Slot[] slots, long index)
    {
        // The length is a power of two: the masked index is within bounds, which the JIT does not see.
        return ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(slots), (nint)(index & (slots.Length - 1)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool TryTakeBottom(long bottom, ref Slot slot)
    {
        Interlocked.Exchange(ref _bottom, bottom);
        var top = Volatile.Read(ref _top.Value);
        if (top < bottom)
        {
            slot.Task = null;
            return true;
        }

        return TryTakeLast(bottom, top, ref slot);
    }

    /// <summary>The task is the last one, or gone: thieves may want it too.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool TryTakeLast(long bottom, long top, ref Slot slot)
    {
        var isMine = top == bottom && Interlocked.CompareExchange(ref _top.Value, top + 1, top) == top;
        if (isMine)
        {
            slot.Task = null;
        }

        Volatile.Write(ref _bottom, bottom + 1);
        _topSeen = bottom + 1;
        return isMine;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private Slot[] MakeRoom()
    {
        var slots = _slots;
        var bottom = _bottom;
        _topSeen = Volatile.Read(ref _top.Value);
        if (bottom - _topSeen < slots.Length)
        {
            return slots;
        }

        if (slots.Length >= CapacityMax)
        {
            throw new InvalidOperationException(
                $"A worker has forked {CapacityMax:N0} tasks that are not joined. Join them before forking more, or split the work by halves instead of piece by piece.");
        }

        var larger = new Slot[slots.Length * 2];
        for (var index = _topSeen; index < bottom; index++)
        {
            SlotAt(larger, index) = SlotAt(slots, index);
        }

        Volatile.Write(ref _slots, larger);
        Debug.Assert(bottom - _topSeen < larger.Length);
        return larger;
    }

    /// <summary>A structure, so that storing a task needs no check of the array's element type.</summary>
    private struct Slot
    {
        public ForkJoinTask? Task;
    }

    /// <summary>An index alone on its cache lines: thieves write it, and the owner's fields must not move with it.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 192)]
    private struct PaddedIndex
    {
        [FieldOffset(64)]
        public long Value;
    }
}
