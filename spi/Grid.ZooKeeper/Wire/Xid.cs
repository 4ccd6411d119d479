namespace Grid.ZooKeeper.Wire;

/// <summary>Transaction ids with a meaning of their own; ordinary requests count from 1.</summary>
internal static class Xid
{
    public const int Notification = -1;
    public const int Ping = -2;
    public const int Auth = -4;
    public const int SetWatches = -8;
}
