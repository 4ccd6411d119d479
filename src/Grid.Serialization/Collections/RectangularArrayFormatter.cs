using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Grid.Serialization;

/// <summary>Arrays of several dimensions: <c>[[length, ...], elements]</c>, the last index running fastest; primitives as a block.</summary>
internal sealed class RectangularArrayFormatter<T, TElement>() : ClassFormatter<T>(Tracking.Early)
    where T : class
{
    private static readonly bool IsBlock = PrimitiveBlock.Fits(typeof(TElement));

    private readonly int _rank = typeof(T).GetArrayRank();

    public override string? RefusalOf(object value)
    {
        var array = (Array)value;
        for (var i = 0; i < _rank; i++)
        {
            if (array.GetLowerBound(i) != 0)
            {
                return "its lower bound is not zero; use an array that starts at zero";
            }
        }

        return null;
    }

    public override IEnumerable<PathStep> StepsOf(object value) =>
        IsBlock ? [] : ((Array)value).Cast<object?>().Select((element, index) => PathStep.Element(index, element));

    protected override void WriteBody(ref PayloadWriter writer, T value)
    {
        if (RefusalOf(value) is { } reason)
        {
            throw new ShipmentRefusal(value, reason);
        }

        var array = (Array)(object)value;
        writer.CheckLength(array.Length);
        writer.WriteArrayHeader(2);
        writer.WriteArrayHeader(_rank);
        for (var i = 0; i < _rank; i++)
        {
            writer.WriteInt32(array.GetLength(i));
        }

        WriteElements(ref writer, ElementsOf(array));
    }

    protected override T ReadBody(ref PayloadReader reader)
    {
        reader.ReadArrayHeaderOf(2);
        reader.ReadArrayHeaderOf(_rank);
        var lengths = new int[_rank];
        var count = 1L;
        for (var i = 0; i < _rank; i++)
        {
            lengths[i] = reader.CheckCount(IntegerDecoding.InRange(ref reader, 0, int.MaxValue), 0);
            count = Math.Min(count * lengths[i], int.MaxValue);
        }

        reader.CheckCount(count, IsBlock ? Unsafe.SizeOf<TElement>() : Formatters<TElement>.Instance.BytesMin);
        var array = Array.CreateInstance(typeof(TElement), lengths);
        reader.Register(array);
        ReadElements(ref reader, ElementsOf(array));
        return (T)(object)array;
    }

    private static void WriteElements(ref PayloadWriter writer, Span<TElement> elements)
    {
        if (IsBlock)
        {
            BlockFunctions<TElement>.Write(ref writer, elements);
            return;
        }

        writer.WriteArrayHeader(elements.Length);
        foreach (var element in elements)
        {
            Formatters<TElement>.Instance.Write(ref writer, element);
        }
    }

    private static void ReadElements(ref PayloadReader reader, Span<TElement> elements)
    {
        if (IsBlock)
        {
            BlockFunctions<TElement>.ReadInto(ref reader, elements);
            return;
        }

        reader.ReadArrayHeaderOf(elements.Length);
        foreach (ref var element in elements)
        {
            element = Formatters<TElement>.Instance.Read(ref reader);
        }
    }

    private static Span<TElement> ElementsOf(Array array) =>
        MemoryMarshal.CreateSpan(ref Unsafe.As<byte, TElement>(ref MemoryMarshal.GetArrayDataReference(array)), array.Length);
}
