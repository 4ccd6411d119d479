namespace Grid.ZooKeeper.Session;

/// <summary>What the service shall do after an event.</summary>
[Flags]
internal enum SessionEffect
{
    None = 0,
    Publish = 1,
    SendPing = 2,
    DropLink = 4,
    FailStaleQueued = 8,
    EndSession = 16,
}
