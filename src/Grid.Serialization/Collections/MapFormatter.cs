using System.Collections.Concurrent;

namespace Grid.Serialization;

/// <summary>Dictionaries that are filled entry by entry, as maps.</summary>
internal sealed class MapFormatter<TMap, TKey, TValue>(MapShape<TMap, TKey, TValue> shape) : ClassFormatter<TMap>(Tracking.Early)
    where TMap : class, IEnumerable<KeyValuePair<TKey, TValue>>
    where TKey : notnull
{
    public override IEnumerable<PathStep> StepsOf(object value) =>
        ComparerPrefix.StepsOf(shape.Comparer((TMap)value)).Concat(MapCoding.StepsOf((TMap)value));

    protected override void WriteBody(ref PayloadWriter writer, TMap value)
    {
        ComparerPrefix.Write(ref writer, shape.Comparer(value));

        // A concurrent dictionary may change meanwhile: its count and entries must come from one moment.
        IEnumerable<KeyValuePair<TKey, TValue>> entries = value is ConcurrentDictionary<TKey, TValue> concurrent ? concurrent.ToArray() : value;
        MapCoding.Write(ref writer, entries);
    }

    protected override TMap ReadBody(ref PayloadReader reader)
    {
        var slot = reader.Reserve();
        var comparer = ComparerPrefix.Read(ref reader, out _);
        var count = reader.ReadMapHeader();
        var value = shape.Create(count, comparer);
        reader.Fill(slot, value);
        if (KeySafety<TKey>.IsComplete)
        {
            for (var i = 0; i < count; i++)
            {
                shape.Add(value, Formatters<TKey>.Instance.Read(ref reader), Formatters<TValue>.Instance.Read(ref reader));
            }
        }
        else
        {
            var entries = MapCoding.ReadEntries<TKey, TValue>(ref reader, count);
            reader.State.Deferred.Add(new DeferredMap<TMap, TKey, TValue>(value, entries, shape.Add));
        }

        return value;
    }
}
