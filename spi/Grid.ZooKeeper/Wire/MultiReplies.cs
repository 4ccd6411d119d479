namespace Grid.ZooKeeper.Wire;

/// <summary>Decodes the replies to multi and multi-read: items, each with a header of its own, up to an end mark.</summary>
internal static class MultiReplies
{
    /// <summary>Fewest bytes that an item takes: its header.</summary>
    private const int HeaderBytes = 9;

    public static List<MultiResult> ReadWrites(ref JuteReader reader, Chroot chroot, IReadOnlyList<MultiOp> operations)
    {
        var results = new List<MultiResult>(operations.Count);
        while (ReadHeader(ref reader) is { } code)
        {
            ThrowIfTooMany(results.Count, operations.Count);
            results.Add(ReadWrite(ref reader, code, chroot));
        }

        ThrowIfIncomplete(results.Count, operations.Count);
        var culprit = FindCulprit(results);
        return culprit < 0 ? results : throw new MultiException(culprit, results[culprit].Error, operations[culprit].Path, results);
    }

    public static List<ReadResult> ReadReads(ref JuteReader reader, int expected)
    {
        var results = new List<ReadResult>(expected);
        while (ReadHeader(ref reader) is { } code)
        {
            ThrowIfTooMany(results.Count, expected);
            results.Add(code switch
            {
                OpCode.GetData => new ReadResult(ZooKeeperErrorCode.Ok, reader.ReadBuffer(), reader.ReadStat(), null),
                OpCode.GetChildren => new ReadResult(ZooKeeperErrorCode.Ok, null, null, reader.ReadStrings()),
                OpCode.Error => new ReadResult((ZooKeeperErrorCode)reader.ReadInt(), null, null, null),
                _ => throw new JuteFormatException($"An item of a multi-read reply has the unexpected type {code}."),
            });
        }

        ThrowIfIncomplete(results.Count, expected);
        return results;
    }

    private static OpCode? ReadHeader(ref JuteReader reader)
    {
        if (reader.Remaining < HeaderBytes)
        {
            throw new JuteFormatException("The reply to a multi ends before its end mark.");
        }

        var code = (OpCode)reader.ReadInt();
        var isDone = reader.ReadBool();
        reader.ReadInt();
        return isDone ? null : code;
    }

    private static MultiResult ReadWrite(ref JuteReader reader, OpCode code, Chroot chroot) => code switch
    {
        OpCode.Create => new MultiResult(ZooKeeperErrorCode.Ok, chroot.Strip(reader.ReadString()), null),
        OpCode.Create2 or OpCode.CreateContainer or OpCode.CreateTtl =>
            new MultiResult(ZooKeeperErrorCode.Ok, chroot.Strip(reader.ReadString()), reader.ReadStat()),
        OpCode.SetData => new MultiResult(ZooKeeperErrorCode.Ok, null, reader.ReadStat()),
        OpCode.Delete or OpCode.Check => new MultiResult(ZooKeeperErrorCode.Ok, null, null),
        OpCode.Error => new MultiResult((ZooKeeperErrorCode)reader.ReadInt(), null, null),
        _ => throw new JuteFormatException($"An item of a multi reply has the unexpected type {code}."),
    };

    /// <summary>The first error that is not a mere "not tried because of another".</summary>
    private static int FindCulprit(List<MultiResult> results)
    {
        var culprit = results.FindIndex(result => result.Error is not ZooKeeperErrorCode.Ok and not ZooKeeperErrorCode.RuntimeInconsistency);
        return culprit >= 0 ? culprit : results.FindIndex(result => result.Error != ZooKeeperErrorCode.Ok);
    }

    private static void ThrowIfTooMany(int read, int expected)
    {
        if (read >= expected)
        {
            throw new JuteFormatException($"The reply to a multi of {expected} operations has more items than that.");
        }
    }

    private static void ThrowIfIncomplete(int read, int expected)
    {
        if (read != expected)
        {
            throw new JuteFormatException($"The reply to a multi of {expected} operations has {read} items.");
        }
    }
}
