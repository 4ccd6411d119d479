namespace Grid.Serialization;

/// <summary>Entries of dictionaries as MessagePack maps.</summary>
internal static class MapCoding
{
    public static IEnumerable<PathStep> StepsOf<TKey, TValue>(IEnumerable<KeyValuePair<TKey, TValue>> entries)
    {
        foreach (var (key, value) in entries)
        {
            yield return PathStep.Named("key", key);
            yield return PathStep.Element(key is string or ValueType ? key : "…", value);
        }
    }

    public static void Write<TKey, TValue>(ref PayloadWriter writer, IEnumerable<KeyValuePair<TKey, TValue>> entries)
    {
        writer.WriteMapHeader(entries.TryGetNonEnumeratedCount(out var count) ? count : entries.Count());
        foreach (var (key, value) in entries)
        {
            Formatters<TKey>.Instance.Write(ref writer, key);
            Formatters<TValue>.Instance.Write(ref writer, value);
        }
    }

    public static KeyValuePair<TKey, TValue>[] ReadEntries<TKey, TValue>(ref PayloadReader reader, int count)
    {
        var entries = new KeyValuePair<TKey, TValue>[count];
        for (var i = 0; i < count; i++)
        {
            var key = Formatters<TKey>.Instance.Read(ref reader);
            entries[i] = new KeyValuePair<TKey, TValue>(key, Formatters<TValue>.Instance.Read(ref reader));
        }

        return entries;
    }
}
