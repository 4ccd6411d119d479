using Grid.ZooKeeper.Wire;

namespace Grid.ZooKeeper;

/// <summary>One read of a batch. Reads of a batch cannot set watches: the server ignores them there.</summary>
public sealed class ReadOp
{
    private ReadOp(OpCode code, string path)
    {
        ZooKeeperPath.ThrowIfInvalid(path);
        Code = code;
        Path = path;
    }

    /// <summary>The path that is read.</summary>
    public string Path { get; }

    internal OpCode Code { get; }

    /// <summary>Reads data and metadata of a node.</summary>
    /// <param name="path">Absolute path.</param>
    public static ReadOp GetData(string path) => new(OpCode.GetData, path);

    /// <summary>Reads the names of a node's children.</summary>
    /// <param name="path">Absolute path.</param>
    public static ReadOp GetChildren(string path) => new(OpCode.GetChildren, path);
}
