namespace Grid.Serialization;

/// <summary>A set whose elements are complete only when the whole graph is.</summary>
internal sealed class DeferredSequence<TCollection, T>(TCollection collection, T[] elements, SequenceShape<TCollection, T> shape) : IDeferredFill
{
    public void Fill()
    {
        foreach (var element in elements)
        {
            shape.Add(collection, element);
        }
    }
}
