namespace Grid.Serialization;

/// <summary>Immutable collections, which are built when all their elements are there; as arrays.</summary>
internal sealed class BuiltFormatter<TCollection, T>(BuiltShape<TCollection, T> shape) : ClassFormatter<TCollection>(Tracking.Late)
    where TCollection : class, IEnumerable<T>
{
    public override IEnumerable<PathStep> StepsOf(object value) =>
        ComparerPrefix.StepsOf(shape.Comparer?.Invoke((TCollection)value))
            .Concat(((TCollection)value).Select((element, index) => PathStep.Element(index, element)));

    protected override void WriteBody(ref PayloadWriter writer, TCollection value)
    {
        ComparerPrefix.Write(ref writer, shape.Comparer?.Invoke(value));
        writer.WriteArrayHeader(value.TryGetNonEnumeratedCount(out var count) ? count : value.Count());
        foreach (var element in value)
        {
            Formatters<T>.Instance.Write(ref writer, element);
        }
    }

    protected override TCollection ReadBody(ref PayloadReader reader)
    {
        var comparer = ComparerPrefix.Read(ref reader, out _);
        var formatter = Formatters<T>.Instance;
        var elements = new T[reader.ReadArrayHeader(formatter.BytesMin)];
        for (var i = 0; i < elements.Length; i++)
        {
            elements[i] = formatter.Read(ref reader);
        }

        return shape.Build(elements, comparer, null);
    }
}
