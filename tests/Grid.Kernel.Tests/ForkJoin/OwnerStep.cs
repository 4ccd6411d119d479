namespace Grid.Kernel.Tests.ForkJoin;

/// <summary>Where the owner of a <see cref="DequeModel"/> is in a push or a pop.</summary>
internal enum OwnerStep
{
    /// <summary>Before its first access.</summary>
    Begin,

    /// <summary>It reads top: to make room, or after it has lowered bottom.</summary>
    ReadTop,

    /// <summary>It copies into a larger array.</summary>
    Grow,

    /// <summary>It puts the task into its slot.</summary>
    WriteSlot,

    /// <summary>It raises bottom.</summary>
    WriteBottom,

    /// <summary>It lowers bottom.</summary>
    Exchange,

    /// <summary>It takes a task that nobody else can want.</summary>
    TakeBottom,

    /// <summary>It competes for the last task.</summary>
    CompareLast,

    /// <summary>It raises bottom again, over an empty deque.</summary>
    Restore,
}
