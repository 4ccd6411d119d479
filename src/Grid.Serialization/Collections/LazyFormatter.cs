namespace Grid.Serialization;

/// <summary>Lazy values that have been evaluated, as an array of the value.</summary>
internal sealed class LazyFormatter<T>() : ClassFormatter<Lazy<T>>(Tracking.Late)
{
    public override string? RefusalOf(object value) =>
        ((Lazy<T>)value).IsValueCreated ? null : "it has not been evaluated; read its Value before, or capture what it would be made of";

    public override IEnumerable<PathStep> StepsOf(object value) => [PathStep.Named("Value", ((Lazy<T>)value).Value)];

    protected override void WriteBody(ref PayloadWriter writer, Lazy<T> value)
    {
        if (RefusalOf(value) is { } reason)
        {
            throw new ShipmentRefusal(value, reason);
        }

        writer.WriteArrayHeader(1);
        Formatters<T>.Instance.Write(ref writer, value.Value);
    }

    protected override Lazy<T> ReadBody(ref PayloadReader reader)
    {
        reader.ReadArrayHeaderOf(1);
        return new Lazy<T>(Formatters<T>.Instance.Read(ref reader));
    }
}
