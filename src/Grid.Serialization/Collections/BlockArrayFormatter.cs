namespace Grid.Serialization;

/// <summary>Arrays of primitives and enumerations.</summary>
internal sealed class BlockArrayFormatter<T>() : ClassFormatter<T[]>(Tracking.Early)
    where T : struct
{
    public override bool IsDirect => true;

    public override bool IsSelfContained => true;

    protected override void WriteBody(ref PayloadWriter writer, T[] value) => PrimitiveBlock.Write<T>(ref writer, value);

    protected override T[] ReadBody(ref PayloadReader reader)
    {
        var value = PrimitiveBlock.ReadArray<T>(ref reader);
        reader.Register(value);
        return value;
    }
}
