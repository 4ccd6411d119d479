namespace Grid.ZooKeeper.Requests;

/// <summary>What the caller of a request has to do next.</summary>
internal enum Admission
{
    /// <summary>Nothing: a thread is on its way to it.</summary>
    Queued,

    /// <summary>Wake the writing thread.</summary>
    WakeWriter,

    /// <summary>Write the frame itself: the connection is idle.</summary>
    WriteItself,

    /// <summary>As <see cref="WriteItself"/>, and wake the writing thread so that it watches the time.</summary>
    WriteItselfAndWake,

    /// <summary>Fail: too many or too much.</summary>
    Overloaded,

    /// <summary>Fail: the session is over.</summary>
    Ended,
}
