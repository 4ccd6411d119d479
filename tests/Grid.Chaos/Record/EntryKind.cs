namespace Grid.Chaos.Record;

/// <summary>What an entry of the record says.</summary>
internal enum EntryKind
{
    /// <summary>By a client: the task was submitted.</summary>
    Submitted,

    /// <summary>By a worker: an attempt of the task began.</summary>
    Began,

    /// <summary>By a worker: an attempt came to its end and wrote what it had to write. The one that counts is the one that is delivered.</summary>
    Committed,

    /// <summary>By a client: a result came, and is right.</summary>
    Delivered,

    /// <summary>By a client: a result came, and is not what it had computed itself.</summary>
    DeliveredWrong,

    /// <summary>By a client: an exception came instead.</summary>
    Failed,
}
