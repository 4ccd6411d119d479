namespace Grid.Serialization;

/// <summary>
/// A collection with the default comparer is just its elements. With another one it is <c>[marker, comparer, elements]</c>, or
/// <c>[marker, comparer, value comparer, elements]</c>; the marker is an extension that no element begins with.
/// </summary>
internal static class ComparerPrefix
{
    public static void Write(ref PayloadWriter writer, object? comparer, object? valueComparer = null)
    {
        if (comparer is null && valueComparer is null)
        {
            return;
        }

        writer.WriteArrayHeader(valueComparer is null ? 3 : 4);
        writer.WriteNumberExtension(ExtensionCode.Comparers, valueComparer is null ? 1 : 2);
        Formatters<object>.Instance.Write(ref writer, comparer!);
        if (valueComparer is not null)
        {
            Formatters<object>.Instance.Write(ref writer, valueComparer);
        }
    }

    public static object? Read(ref PayloadReader reader, out object? valueComparer)
    {
        valueComparer = null;
        if (reader.Peek() is not ((MessagePackCode.FixArray | 3) or (MessagePackCode.FixArray | 4)) || reader.PeekExtension(1) != ExtensionCode.Comparers)
        {
            return null;
        }

        var count = reader.ReadArrayHeader();
        reader.ReadExtension(out _);
        var comparer = Formatters<object>.Instance.Read(ref reader);
        valueComparer = count == 4 ? Formatters<object>.Instance.Read(ref reader) : null;
        return comparer;
    }

    public static IEnumerable<PathStep> StepsOf(object? comparer) => comparer is null ? [] : [PathStep.Named("comparer", comparer)];
}
