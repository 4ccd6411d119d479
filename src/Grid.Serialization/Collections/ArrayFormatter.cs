namespace Grid.Serialization;

/// <summary>Arrays of anything but primitives.</summary>
internal sealed class ArrayFormatter<T>() : ClassFormatter<T[]>(Tracking.Early)
{
    public override IEnumerable<PathStep> StepsOf(object value) => ((T[])value).Select((element, index) => PathStep.Element(index, element));

    protected override void WriteBody(ref PayloadWriter writer, T[] value)
    {
        writer.WriteArrayHeader(value.Length);
        var formatter = Formatters<T>.Instance;
        foreach (var element in value)
        {
            formatter.Write(ref writer, element);
        }
    }

    protected override T[] ReadBody(ref PayloadReader reader)
    {
        var formatter = Formatters<T>.Instance;
        var value = new T[reader.ReadArrayHeader(formatter.BytesMin)];
        reader.Register(value);
        for (var i = 0; i < value.Length; i++)
        {
            value[i] = formatter.Read(ref reader);
        }

        return value;
    }
}
