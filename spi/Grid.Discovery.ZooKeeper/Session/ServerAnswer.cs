namespace Grid.Discovery.ZooKeeper.Session;

/// <summary>What a server shows of itself from outside.</summary>
internal enum ServerAnswer
{
    /// <summary>Nothing that tells: no answer, or one that is not understood.</summary>
    Unknown,

    /// <summary>It serves sessions.</summary>
    Serving,

    /// <summary>Its host answers and it does not serve: the port is closed, or it says that it has no quorum.</summary>
    NotServing,
}
