namespace Grid.Serialization;

/// <summary>The counterpart of <see cref="GraphWriting"/>.</summary>
internal static class GraphReading
{
    /// <summary>Gives an object its number. To be called when it exists and before its content is read, so that the content can refer to it.</summary>
    public static void Register(this ref PayloadReader reader, object? item)
    {
        var state = reader.State;
        if (state.ObjectCount >= state.Options.ObjectsMax)
        {
            Malformed.Limit(reader.Position, "a number of objects", state.ObjectCount + 1L, nameof(SerializerOptions.ObjectsMax), state.Options.ObjectsMax);
        }

        state.Add(item);
    }

    /// <summary>Takes the next number for an object that cannot be made yet because something else, to be read first, is needed for it.</summary>
    public static int Reserve(this ref PayloadReader reader)
    {
        reader.Register(null);
        return reader.State.ObjectCount - 1;
    }

    /// <summary>Makes the object known that the number was for.</summary>
    public static void Fill(this ref PayloadReader reader, int slot, object item) => reader.State.Set(slot, item);

    public static object ReadReference(this ref PayloadReader reader)
    {
        var index = reader.NumberOf(reader.ReadExtensionOf(ExtensionCode.Reference));
        if (index >= reader.State.ObjectCount)
        {
            Malformed.Content(reader.Position, $"a reference to object {index} stands before that object.");
        }

        var item = reader.State.Get(index);
        if (item is null)
        {
            Malformed.Content(reader.Position, $"object {index} refers to itself where it cannot.");
        }

        return item;
    }

    /// <summary>Whether a typed value, <c>[type, body]</c>, comes next.</summary>
    public static bool IsTyped(this ref PayloadReader reader) =>
        reader.Peek() == (MessagePackCode.FixArray | 2)
        && reader.PeekExtension(1) is ExtensionCode.TypeIndex or ExtensionCode.TypeDefinition;

    /// <summary>Reads the wrapper's start, up to the body.</summary>
    public static Formatter ReadTypeHeader(this ref PayloadReader reader)
    {
        reader.ReadArrayHeaderOf(2);
        var content = reader.ReadExtension(out var code);
        if (code == ExtensionCode.TypeDefinition)
        {
            return Define(ref reader, content);
        }

        if (code != ExtensionCode.TypeIndex)
        {
            Malformed.Content(reader.Position, $"an extension of type {code} stands where the type of a value was expected.");
        }

        var index = reader.NumberOf(content);
        var known = index < WellKnownTypes.Reserved ? WellKnownTypes.FormatterOf(index) : null;
        index -= WellKnownTypes.Reserved;
        if (known is null && (uint)index >= (uint)reader.State.Types.Count)
        {
            Malformed.Content(reader.Position, $"type number {index + WellKnownTypes.Reserved} is not defined.");
        }

        return known ?? reader.State.Types[index];
    }

    private static Formatter Define(ref PayloadReader reader, ReadOnlySpan<byte> name)
    {
        var state = reader.State;
        if (state.Types.Count >= state.Options.TypesMax)
        {
            Malformed.Limit(reader.Position, "a number of types", state.Types.Count + 1L, nameof(SerializerOptions.TypesMax), state.Options.TypesMax);
        }

        var formatter = state.Code.ResolveType(name, reader.Modules);
        state.Types.Add(formatter);
        return formatter;
    }
}
