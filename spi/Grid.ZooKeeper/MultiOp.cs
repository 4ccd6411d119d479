using Grid.ZooKeeper.Wire;

namespace Grid.ZooKeeper;

/// <summary>One operation of a transaction. Made by the factory methods; the data may be changed again when the multi has been called.</summary>
public sealed class MultiOp
{
    private MultiOp(OpCode code, string path, ReadOnlyMemory<byte>? data, NodeSpec spec, int version)
    {
        ZooKeeperPath.ThrowIfInvalid(path, spec.Mode);
        Code = code;
        Path = path;
        Data = data;
        Spec = spec;
        Version = version;
    }

    /// <summary>The path that the operation concerns.</summary>
    public string Path { get; }

    internal OpCode Code { get; }

    internal ReadOnlyMemory<byte>? Data { get; }

    internal NodeSpec Spec { get; }

    internal int Version { get; }

    /// <summary>Creates a node; the result has its path. Plain nodes go out as the older operation: servers read the newer one as that inside of a multi.</summary>
    /// <param name="path">Absolute path.</param>
    /// <param name="data">Data, or <see langword="null"/>.</param>
    /// <param name="spec">Mode, ACL and time to live.</param>
    public static MultiOp Create(string path, ReadOnlyMemory<byte>? data, NodeSpec spec = default) =>
        new(Frames.CreateCode(spec.Mode) is OpCode.Create2 ? OpCode.Create : Frames.CreateCode(spec.Mode), path, data, spec, 0);

    /// <summary>Deletes a node.</summary>
    /// <param name="path">Absolute path.</param>
    /// <param name="version">Expected version of the data; -1 for any.</param>
    public static MultiOp Delete(string path, int version = -1) => new(OpCode.Delete, path, null, default, version);

    /// <summary>Sets a node's data; the result has its metadata.</summary>
    /// <param name="path">Absolute path.</param>
    /// <param name="data">Data, or <see langword="null"/>.</param>
    /// <param name="version">Expected version of the data; -1 for any.</param>
    public static MultiOp SetData(string path, ReadOnlyMemory<byte>? data, int version = -1) => new(OpCode.SetData, path, data, default, version);

    /// <summary>Fails the transaction unless the node exists with this version.</summary>
    /// <param name="path">Absolute path.</param>
    /// <param name="version">Expected version of the data; -1 for any, so that only existence is checked.</param>
    public static MultiOp Check(string path, int version) => new(OpCode.Check, path, null, default, version);
}
