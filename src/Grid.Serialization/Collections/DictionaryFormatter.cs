namespace Grid.Serialization;

/// <summary>The usual dictionary, like <see cref="MapFormatter{TMap, TKey, TValue}"/> but with neither an enumerator on the heap nor calls through delegates.</summary>
internal sealed class DictionaryFormatter<TKey, TValue>() : ClassFormatter<Dictionary<TKey, TValue>>(Tracking.Early)
    where TKey : notnull
{
    public override IEnumerable<PathStep> StepsOf(object value) =>
        ComparerPrefix.StepsOf(ComparerOf((Dictionary<TKey, TValue>)value)).Concat(MapCoding.StepsOf((Dictionary<TKey, TValue>)value));

    protected override void WriteBody(ref PayloadWriter writer, Dictionary<TKey, TValue> value)
    {
        ComparerPrefix.Write(ref writer, ComparerOf(value));
        writer.WriteMapHeader(value.Count);
        var keys = Formatters<TKey>.Instance;
        var values = Formatters<TValue>.Instance;
        foreach (var (key, item) in value)
        {
            keys.Write(ref writer, key);
            values.Write(ref writer, item);
        }
    }

    protected override Dictionary<TKey, TValue> ReadBody(ref PayloadReader reader)
    {
        var slot = reader.Reserve();
        var comparer = (IEqualityComparer<TKey>?)ComparerPrefix.Read(ref reader, out _);
        var count = reader.ReadMapHeader();
        var map = new Dictionary<TKey, TValue>(count, comparer);
        reader.Fill(slot, map);
        if (!KeySafety<TKey>.IsComplete)
        {
            var entries = MapCoding.ReadEntries<TKey, TValue>(ref reader, count);
            reader.State.Deferred.Add(new DeferredMap<Dictionary<TKey, TValue>, TKey, TValue>(map, entries, static (m, k, v) => m.Add(k, v)));
            return map;
        }

        var keys = Formatters<TKey>.Instance;
        var values = Formatters<TValue>.Instance;
        for (var i = 0; i < count; i++)
        {
            var key = keys.Read(ref reader);
            map.Add(key, values.Read(ref reader));
        }

        return map;
    }

    private static IEqualityComparer<TKey>? ComparerOf(Dictionary<TKey, TValue> map) =>
        ReferenceEquals(map.Comparer, EqualityComparer<TKey>.Default) ? null : map.Comparer;
}
