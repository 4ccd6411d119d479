namespace Grid.ZooKeeper.Wire;

/// <summary>The 16 bytes before every reply but the one to a connect request.</summary>
internal readonly record struct ReplyHeader(int Xid, long Zxid, ZooKeeperErrorCode Error)
{
    public const int Bytes = 16;

    public static ReplyHeader Read(ref JuteReader reader) => new(reader.ReadInt(), reader.ReadLong(), (ZooKeeperErrorCode)reader.ReadInt());
}
