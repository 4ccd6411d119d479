namespace Grid.ZooKeeper.Wire;

/// <summary>Writes the records that more than one place needs: bodies of create, the items of a multi, the connect request.</summary>
internal static class Frames
{
    /// <summary>Longest time to live that the server's encoding of it holds: 40 bits of milliseconds.</summary>
    public static readonly TimeSpan TtlMax = TimeSpan.FromMilliseconds(0xFF_FFFF_FFFFL);

    public static OpCode CreateCode(CreateMode mode) => mode switch
    {
        CreateMode.Persistent or CreateMode.Ephemeral or CreateMode.PersistentSequential or CreateMode.EphemeralSequential => OpCode.Create2,
        CreateMode.Container => OpCode.CreateContainer,
        CreateMode.PersistentWithTtl or CreateMode.PersistentSequentialWithTtl => OpCode.CreateTtl,
        _ => throw new ArgumentOutOfRangeException(nameof(mode), mode, "Not a create mode."),
    };

    public static void WriteCreate(ref JuteWriter writer, string path, ReadOnlyMemory<byte>? data, NodeSpec spec)
    {
        var hasTtl = spec.Mode is CreateMode.PersistentWithTtl or CreateMode.PersistentSequentialWithTtl;
        var isTtlRight = hasTtl ? spec.Ttl >= TimeSpan.FromMilliseconds(1) && spec.Ttl <= TtlMax : spec.Ttl == TimeSpan.Zero;
        if (!isTtlRight)
        {
            throw new ArgumentOutOfRangeException(
                nameof(spec), spec.Ttl, $"The time to live of a node of mode {spec.Mode} must be {(hasTtl ? $"1 ms to {TtlMax}" : "zero")}.");
        }

        writer.WriteString(path);
        writer.WriteBuffer(data);
        writer.WriteAcls(spec.Acl ?? Acl.Open);
        writer.WriteInt((int)spec.Mode);
        if (hasTtl)
        {
            writer.WriteLong((long)spec.Ttl.TotalMilliseconds);
        }
    }

    public static void WriteMulti(ref JuteWriter writer, IReadOnlyList<MultiOp> operations, Chroot chroot)
    {
        foreach (var operation in operations)
        {
            WriteMultiHeader(ref writer, operation.Code);
            var path = chroot.Prepend(operation.Path);
            switch (operation.Code)
            {
                case OpCode.Delete or OpCode.Check:
                    writer.WriteString(path);
                    writer.WriteInt(operation.Version);
                    break;
                case OpCode.SetData:
                    writer.WriteString(path);
                    writer.WriteBuffer(operation.Data);
                    writer.WriteInt(operation.Version);
                    break;
                default:
                    WriteCreate(ref writer, path, operation.Data, operation.Spec);
                    break;
            }
        }

        WriteMultiEnd(ref writer);
    }

    public static void WriteMultiRead(ref JuteWriter writer, IReadOnlyList<ReadOp> operations, Chroot chroot)
    {
        foreach (var operation in operations)
        {
            WriteMultiHeader(ref writer, operation.Code);
            writer.WriteString(chroot.Prepend(operation.Path));
            writer.WriteBool(false);
        }

        WriteMultiEnd(ref writer);
    }

    public static Frame Connect(ConnectRequest request)
    {
        var writer = new JuteWriter(128);
        writer.WriteInt(0);
        writer.WriteLong(request.LastZxidSeen);
        writer.WriteInt(request.TimeoutMilliseconds);
        writer.WriteLong(request.SessionId);
        writer.WriteBuffer(request.Password.AsSpan());
        writer.WriteBool(false);
        return writer.Finish();
    }

    public static Frame Auth(AuthInfo auth, int frameBytesMax)
    {
        var writer = JuteWriter.Request(OpCode.Auth, frameBytesMax);
        writer.WriteInt(0);
        writer.WriteString(auth.Scheme);
        writer.WriteBuffer(auth.Credential.AsSpan());
        var frame = writer.Finish();
        frame.SetXid(Xid.Auth);
        return frame;
    }

    public static Frame Ping()
    {
        var frame = JuteWriter.Request(OpCode.Ping, 16).Finish();
        frame.SetXid(Xid.Ping);
        return frame;
    }

    public static Frame CloseSession()
    {
        var frame = JuteWriter.Request(OpCode.CloseSession, 16).Finish();
        frame.SetXid(1);
        return frame;
    }

    private static void WriteMultiHeader(ref JuteWriter writer, OpCode code)
    {
        writer.WriteInt((int)code);
        writer.WriteBool(false);
        writer.WriteInt(-1);
    }

    private static void WriteMultiEnd(ref JuteWriter writer)
    {
        writer.WriteInt(-1);
        writer.WriteBool(true);
        writer.WriteInt(-1);
    }
}
