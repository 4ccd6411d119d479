using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Grid.Serialization;

/// <summary>A structure that is a fixed number of elements (<see cref="InlineArrayAttribute"/>, or a buffer declared <c>fixed</c>).</summary>
internal sealed class InlineArrayFormatter<T, TElement> : Formatter<T>
    where T : struct
{
    private static readonly int Length = Unsafe.SizeOf<T>() / Unsafe.SizeOf<TElement>();

    public override void Write(ref PayloadWriter writer, T value)
    {
        writer.WriteArrayHeader(Length);
        foreach (var element in ElementsOf(ref value))
        {
            Formatters<TElement>.Instance.Write(ref writer, element);
        }
    }

    public override T Read(ref PayloadReader reader)
    {
        reader.ReadArrayHeaderOf(Length);
        var value = default(T);
        foreach (ref var element in ElementsOf(ref value))
        {
            element = Formatters<TElement>.Instance.Read(ref reader);
        }

        return value;
    }

    public override IEnumerable<PathStep> StepsOf(object value)
    {
        var copy = (T)value;
        return ElementsOf(ref copy).ToArray().Select((element, index) => PathStep.Element(index, element));
    }

    private static Span<TElement> ElementsOf(ref T value) => MemoryMarshal.CreateSpan(ref Unsafe.As<T, TElement>(ref value), Length);
}
