namespace Grid.Serialization;

/// <summary>Immutable dictionaries, which are built when all their entries are there; as maps.</summary>
internal sealed class BuiltMapFormatter<TMap, TKey, TValue>(BuiltShape<TMap, KeyValuePair<TKey, TValue>> shape) : ClassFormatter<TMap>(Tracking.Late)
    where TMap : class, IEnumerable<KeyValuePair<TKey, TValue>>
{
    public override IEnumerable<PathStep> StepsOf(object value) =>
        ComparerPrefix.StepsOf(shape.Comparer?.Invoke((TMap)value)).Concat(MapCoding.StepsOf((TMap)value));

    protected override void WriteBody(ref PayloadWriter writer, TMap value)
    {
        ComparerPrefix.Write(ref writer, shape.Comparer?.Invoke(value), shape.ValueComparer?.Invoke(value));
        MapCoding.Write(ref writer, value);
    }

    protected override TMap ReadBody(ref PayloadReader reader)
    {
        var comparer = ComparerPrefix.Read(ref reader, out var valueComparer);
        return shape.Build(MapCoding.ReadEntries<TKey, TValue>(ref reader, reader.ReadMapHeader()), comparer, valueComparer);
    }
}
