namespace Grid.Kernel.Tests.ForkJoin;

/// <summary>What a thief of a <see cref="DequeModel"/> does next.</summary>
internal enum ThiefStep
{
    /// <summary>Reads top, and fences.</summary>
    ReadTop,

    /// <summary>Reads bottom.</summary>
    ReadBottom,

    /// <summary>Reads which array there is.</summary>
    ReadArray,

    /// <summary>Reads the slot.</summary>
    ReadSlot,

    /// <summary>Competes for the index.</summary>
    Compare,

    /// <summary>Has the task, and empties the slot if it still holds it.</summary>
    Clear,
}
