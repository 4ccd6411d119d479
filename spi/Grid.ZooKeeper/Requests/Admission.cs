namespace Grid.ZooKeeper.Requests;

/// <summary>What the caller of a request has to do next.</summary>
[Flags]
internal enum Admission
{
    /// <summary>Nothing: a thread is on its way to it.</summary>
    Queued = 0,

    /// <summary>Write the frame itself: the connection is idle.</summary>
    WriteItself = 1,

    /// <summary>Have the writing thread write.</summary>
    CallWriter = 2,

    /// <summary>Have the watch look: time matters now.</summary>
    CallWatch = 4,

    /// <summary>Fail.</summary>
    Refused = 8,

    /// <summary>Fail: too many or too much.</summary>
    Overloaded = Refused | 16,

    /// <summary>Fail: the session is over.</summary>
    Ended = Refused | 32,
}
