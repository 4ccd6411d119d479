using System.Collections;
using System.Runtime.ExceptionServices;

namespace Grid.Serialization;

/// <summary>
/// Exceptions: <c>[type name, message, stack, HRESULT, inner, data, content]</c>. The content is an island, a payload of its own inside binary data, so that
/// a reader which cannot load the type skips it, and a writer that meets something unshippable leaves it out; a <see cref="RemoteJobException"/> then stands in.
/// </summary>
internal static class ExceptionCoding
{
    private const int TextLengthMax = 1 << 18;
    private const int ChainMax = 64;

    public static void Write(ref PayloadWriter writer, Exception value)
    {
        writer.WriteArrayHeader(7);
        writer.WriteString(value.GetType().FullName ?? value.GetType().Name);
        writer.WriteString(Text(ref writer, value, static e => e.Message));
        writer.WriteString(Text(ref writer, value, static e => e.StackTrace));
        writer.WriteInt32(value.HResult);

        // An aggregate holds its inner exceptions among its fields.
        if (value is AggregateException || value.InnerException is null || writer.Depth > ChainMax)
        {
            writer.WriteNil();
        }
        else
        {
            Formatters<Exception>.Instance.Write(ref writer, value.InnerException);
        }

        WriteData(ref writer, value);
        WriteIsland(ref writer, value, ExceptionContent.Write);
    }

    public static Exception Read(ref PayloadReader reader)
    {
        reader.ReadArrayHeaderOf(7);
        var typeName = reader.ReadString() ?? string.Empty;
        var message = reader.ReadString() ?? string.Empty;
        var stack = reader.ReadString();
        var errorCode = reader.ReadInt32();
        var inner = Formatters<Exception>.Instance.Read(ref reader);
        var data = ReadData(ref reader);
        var exception = ReadContent(ref reader) ?? new RemoteJobException(typeName, message, stack);
        ExceptionContent.Complete(exception, errorCode, inner);
        foreach (var (key, value) in data)
        {
            exception.Data[key] = value;
        }

        if (stack is not null)
        {
            ExceptionDispatchInfo.SetRemoteStackTrace(exception, stack);
        }

        return exception;
    }

    /// <summary>Message and stack are overridable, so user code that may fail itself; the exception must arrive all the same.</summary>
    private static string? Text(ref PayloadWriter writer, Exception value, Func<Exception, string?> get)
    {
        string? text;
        try
        {
            text = get(value);
        }
        catch (Exception e)
        {
            text = $"({e.GetType().Name} while this text was made)";
        }

        var max = Math.Min(TextLengthMax, writer.State.Options.StringLengthMax);
        return text is null || text.Length <= max ? text : text[..max];
    }

    /// <summary>Each entry is an island of its own: one that cannot be shipped is left out.</summary>
    private static void WriteData(ref PayloadWriter writer, Exception value)
    {
        var entries = value.Data.Count == 0 || writer.Depth > ChainMax ? [] : value.Data.Cast<DictionaryEntry>().ToArray();
        writer.WriteArrayHeader(entries.Length);
        foreach (var entry in entries)
        {
            WriteIsland(ref writer, entry, static (ref nested, e) =>
            {
                nested.WriteArrayHeader(2);
                Formatters<object>.Instance.Write(ref nested, e.Key);
                Formatters<object>.Instance.Write(ref nested, e.Value!);
            });
        }
    }

    private static List<KeyValuePair<object, object?>> ReadData(ref PayloadReader reader)
    {
        var count = reader.ReadArrayHeader();
        var entries = new List<KeyValuePair<object, object?>>();
        for (var i = 0; i < count; i++)
        {
            if (reader.TryReadNil())
            {
                continue;
            }

            try
            {
                entries.Add(ReadIsland(ref reader, reader.ReadBinary(), static (ref nested) =>
                {
                    nested.ReadArrayHeaderOf(2);
                    var key = Formatters<object>.Instance.Read(ref nested);
                    return KeyValuePair.Create(key, (object?)Formatters<object>.Instance.Read(ref nested));
                }));
            }
            catch (CodeShippingException)
            {
                // The value is of a type that does not exist here: the entry is left out, the exception itself arrives.
            }
        }

        return entries;
    }

    private static Exception? ReadContent(ref PayloadReader reader)
    {
        if (reader.TryReadNil())
        {
            return null;
        }

        try
        {
            return ReadIsland(ref reader, reader.ReadBinary(), ExceptionContent.Read);
        }
        catch (CodeShippingException)
        {
            return null;
        }
    }

    private static void WriteIsland<T>(ref PayloadWriter writer, T value, WriteValue<T> write)
    {
        var state = WriteState.Rent(writer.State.Options, writer.State.Code, writer.State.Modules);
        try
        {
            var nested = new PayloadWriter(state, null, writer.Depth);
            if (TryWrite(ref nested, value, write))
            {
                writer.WriteBinary(nested.Written(WriteState.HeaderRoom));
            }
            else
            {
                writer.WriteNil();
            }
        }
        finally
        {
            state.Return();
        }
    }

    private static bool TryWrite<T>(ref PayloadWriter nested, T value, WriteValue<T> write)
    {
        try
        {
            write(ref nested, value);
            return true;
        }
        catch (Exception e) when (e is ShipmentRefusal or CodeShippingException)
        {
            return false;
        }
    }

    private static T ReadIsland<T>(ref PayloadReader reader, ReadOnlySpan<byte> bytes, ReadValue<T> read)
    {
        var state = reader.State.RentNested();
        try
        {
            var nested = new PayloadReader(state, bytes, reader.Modules, reader.Depth);
            var value = read(ref nested);
            state.Complete();
            return value;
        }
        finally
        {
            state.Return();
        }
    }
}
