using System.Buffers;

namespace Grid.Serialization;

/// <summary>
/// The list of user modules in front of a payload that names any: an extension of 16 bytes for each. Plain data has no header at all.
/// </summary>
internal static class PayloadHeader
{
    /// <summary>Sends a buffered body off, with its header.</summary>
    public static void Send(WriteState state, in PayloadWriter writer, IBufferWriter<byte> output)
    {
        var modules = state.Modules;
        if (modules.Count <= 1)
        {
            var start = WriteState.HeaderRoom;
            if (modules.Count == 1)
            {
                start -= 2 + ModuleId.ByteCount;
                state.Buffer[start] = MessagePackCode.FixExt16;
                state.Buffer[start + 1] = (byte)ExtensionCode.Modules;
                modules.CopyTo(state.Buffer.AsSpan(start + 2));
            }

            output.Write(writer.Written(start));
            return;
        }

        Span<byte> ids = new byte[modules.Count * ModuleId.ByteCount];
        modules.CopyTo(ids);
        var header = new PayloadWriter(state, output);
        header.WriteExtension(ExtensionCode.Modules, ids);
        header.WriteRaw(writer.Written(WriteState.HeaderRoom));
        header.Flush();
    }

    /// <summary>Finds the ids of the modules; none when there is no header.</summary>
    /// <param name="payload">The payload.</param>
    /// <param name="length">The length of the header in bytes.</param>
    /// <returns>The ids, one after the other.</returns>
    public static ReadOnlySpan<byte> Parse(ReadOnlySpan<byte> payload, out int length)
    {
        length = 0;
        if (payload.Length < 2)
        {
            return default;
        }

        if (payload[0] == MessagePackCode.FixExt16 && payload[1] == (byte)ExtensionCode.Modules)
        {
            return Slice(payload, 2, ModuleId.ByteCount, out length);
        }

        if (payload is [MessagePackCode.Ext8, var small, (byte)ExtensionCode.Modules, ..])
        {
            return Slice(payload, 3, small, out length);
        }

        if (payload is [MessagePackCode.Ext16, var high, var low, (byte)ExtensionCode.Modules, ..])
        {
            return Slice(payload, 4, (high << 8) | low, out length);
        }

        return default;
    }

    private static ReadOnlySpan<byte> Slice(ReadOnlySpan<byte> payload, int start, int count, out int length)
    {
        if (count % ModuleId.ByteCount != 0 || count == 0)
        {
            Malformed.Content(start, $"the list of modules is {count} bytes long, which is not a multiple of {ModuleId.ByteCount}.");
        }

        if (count > payload.Length - start)
        {
            Malformed.Truncated(start, count, payload.Length - start);
        }

        length = start + count;
        return payload.Slice(start, count);
    }
}
