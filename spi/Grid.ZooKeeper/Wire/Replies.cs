namespace Grid.ZooKeeper.Wire;

/// <summary>The decoders of all replies, each a cached delegate.</summary>
internal static class Replies
{
    public static readonly ReplyDecoder<bool> Nothing = static (ref _, _) => true;

    public static readonly ReplyDecoder<string> Path = static (ref reader, chroot) => chroot.Strip(reader.ReadString());

    public static readonly ReplyDecoder<CreateResult> Created =
        static (ref reader, chroot) => new CreateResult(chroot.Strip(reader.ReadString()), reader.ReadStat());

    public static readonly ReplyDecoder<string> CreatedPath = static (ref reader, chroot) => chroot.Strip(reader.ReadString());

    public static readonly ReplyDecoder<Stat> Stat = static (ref reader, _) => reader.ReadStat();

    public static readonly ReplyDecoder<Stat?> StatOrNone = static (ref reader, _) => reader.ReadStat();

    public static readonly ReplyDecoder<NodeData> Data = static (ref reader, _) => new NodeData(reader.ReadBuffer(), reader.ReadStat());

    public static readonly ReplyDecoder<IReadOnlyList<string>> Strings = static (ref reader, _) => reader.ReadStrings();

    public static readonly ReplyDecoder<IReadOnlyList<string>> Paths = static (ref reader, chroot) =>
    {
        var paths = reader.ReadStrings();
        for (var i = 0; i < paths.Length; i++)
        {
            paths[i] = chroot.Strip(paths[i]);
        }

        return paths;
    };

    public static readonly ReplyDecoder<ChildrenResult> Children = static (ref reader, _) => new ChildrenResult(reader.ReadStrings(), reader.ReadStat());

    public static readonly ReplyDecoder<AclResult> Acl = static (ref reader, _) => new AclResult(reader.ReadAcls(), reader.ReadStat());

    public static readonly ReplyDecoder<int> Int = static (ref reader, _) => reader.ReadInt();

    public static readonly ReplyDecoder<byte[]> Token = static (ref reader, _) => reader.ReadBuffer() ?? [];

    public static readonly ReplyDecoder<IReadOnlyList<ClientIdentity>> Identities = static (ref reader, _) =>
    {
        var identities = new ClientIdentity[reader.ReadCount(8)];
        for (var i = 0; i < identities.Length; i++)
        {
            identities[i] = new ClientIdentity(reader.ReadString(), reader.ReadString());
        }

        return identities;
    };
}
