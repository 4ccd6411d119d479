namespace Grid.Chaos.Record;

/// <summary>How a task uses the grid, and with that what may become of it. A task's name begins with it.</summary>
internal enum TaskKind
{
    /// <summary>One call that may be repeated.</summary>
    Call,

    /// <summary>One call that must not run twice: it may be given up when its node is lost.</summary>
    Once,

    /// <summary>One item of a stream of results.</summary>
    Stream,

    /// <summary>A map and a reduction as one.</summary>
    Reduce,

    /// <summary>A fork/join computation.</summary>
    Fork,
}
