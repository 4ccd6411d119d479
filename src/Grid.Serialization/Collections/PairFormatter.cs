namespace Grid.Serialization;

/// <summary>Pairs of key and value, as arrays of two.</summary>
internal sealed class PairFormatter<TKey, TValue> : Formatter<KeyValuePair<TKey, TValue>>
{
    public override int BytesMin => 3;

    public override IEnumerable<PathStep> StepsOf(object value)
    {
        var pair = (KeyValuePair<TKey, TValue>)value;
        return [PathStep.Named("Key", pair.Key), PathStep.Named("Value", pair.Value)];
    }

    public override void Write(ref PayloadWriter writer, KeyValuePair<TKey, TValue> value)
    {
        writer.WriteArrayHeader(2);
        Formatters<TKey>.Instance.Write(ref writer, value.Key);
        Formatters<TValue>.Instance.Write(ref writer, value.Value);
    }

    public override KeyValuePair<TKey, TValue> Read(ref PayloadReader reader)
    {
        reader.ReadArrayHeaderOf(2);
        var key = Formatters<TKey>.Instance.Read(ref reader);
        return new KeyValuePair<TKey, TValue>(key, Formatters<TValue>.Instance.Read(ref reader));
    }
}
