using System.Runtime.InteropServices;

namespace Grid.Serialization;

/// <summary>Lists, as arrays; of primitives as blocks.</summary>
internal sealed class ListFormatter<T>() : ClassFormatter<List<T>>(Tracking.Early)
{
    private static readonly bool IsBlock = PrimitiveBlock.Fits(typeof(T));

    public override bool IsDirect => IsBlock;

    public override IEnumerable<PathStep> StepsOf(object value) => ((List<T>)value).Select((element, index) => PathStep.Element(index, element));

    protected override void WriteBody(ref PayloadWriter writer, List<T> value)
    {
        var elements = CollectionsMarshal.AsSpan(value);
        if (IsBlock)
        {
            BlockFunctions<T>.Write(ref writer, elements);
            return;
        }

        writer.WriteArrayHeader(elements.Length);
        var formatter = Formatters<T>.Instance;
        foreach (var element in elements)
        {
            formatter.Write(ref writer, element);
        }
    }

    protected override List<T> ReadBody(ref PayloadReader reader)
    {
        if (IsBlock)
        {
            var array = BlockFunctions<T>.ReadArray(ref reader);
            var block = new List<T>(array.Length);
            CollectionsMarshal.SetCount(block, array.Length);
            array.CopyTo(CollectionsMarshal.AsSpan(block));
            reader.Register(block);
            return block;
        }

        var formatter = Formatters<T>.Instance;
        var count = reader.ReadArrayHeader(formatter.BytesMin);
        var value = new List<T>(count);
        reader.Register(value);
        for (var i = 0; i < count; i++)
        {
            value.Add(formatter.Read(ref reader));
        }

        return value;
    }
}
