using System.Collections.Concurrent;

namespace Grid.Serialization;

/// <summary>Collections that are filled element by element, as arrays.</summary>
internal sealed class SequenceFormatter<TCollection, T>(SequenceShape<TCollection, T> shape) : ClassFormatter<TCollection>(Tracking.Early)
    where TCollection : class, IEnumerable<T>
{
    public override IEnumerable<PathStep> StepsOf(object value) =>
        ComparerPrefix.StepsOf(shape.Comparer?.Invoke((TCollection)value))
            .Concat(((TCollection)value).Select((element, index) => PathStep.Element(index, element)));

    protected override void WriteBody(ref PayloadWriter writer, TCollection value)
    {
        ComparerPrefix.Write(ref writer, shape.Comparer?.Invoke(value));

        // A concurrent collection may change meanwhile: its count and elements must come from one moment.
        IEnumerable<T> elements = value is IProducerConsumerCollection<T> concurrent ? concurrent.ToArray() : value;
        writer.WriteArrayHeader(elements.TryGetNonEnumeratedCount(out var count) ? count : elements.Count());
        var formatter = Formatters<T>.Instance;
        foreach (var element in elements)
        {
            formatter.Write(ref writer, element);
        }
    }

    protected override TCollection ReadBody(ref PayloadReader reader)
    {
        // The object gets its number before its comparer is read, so it is made first and its comparer must not refer to it.
        var slot = reader.Reserve();
        var comparer = ComparerPrefix.Read(ref reader, out _);
        var formatter = Formatters<T>.Instance;
        var count = reader.ReadArrayHeader(formatter.BytesMin);
        var value = shape.Create(count, comparer);
        reader.Fill(slot, value);
        if (!shape.IsReversed && (!shape.IsKeyed || KeySafety<T>.IsComplete))
        {
            for (var i = 0; i < count; i++)
            {
                shape.Add(value, formatter.Read(ref reader));
            }

            return value;
        }

        var elements = new T[count];
        for (var i = 0; i < count; i++)
        {
            elements[i] = formatter.Read(ref reader);
        }

        Finish(ref reader, value, elements);
        return value;
    }

    private void Finish(ref PayloadReader reader, TCollection value, T[] elements)
    {
        if (shape.IsKeyed)
        {
            reader.State.Deferred.Add(new DeferredSequence<TCollection, T>(value, elements, shape));
            return;
        }

        for (var i = elements.Length - 1; i >= 0; i--)
        {
            shape.Add(value, elements[i]);
        }
    }
}
