namespace Grid.Serialization;

/// <summary>A class whose objects are of internal derived classes: wherever one stands it is coded as an object of the public base class, with identity.</summary>
internal sealed class HeadedFormatter<T, THead>(ClassFormatter<THead> head) : Formatter<T>
    where T : class, THead
    where THead : class
{
    public override Type WireType => typeof(THead);

    public override void Write(ref PayloadWriter writer, T value)
    {
        if (value is null)
        {
            writer.WriteNil();
        }
        else
        {
            head.WriteExact(ref writer, value);
        }
    }

    public override T Read(ref PayloadReader reader) => reader.TryReadNil() ? null! : head.Read(ref reader) as T ?? throw new MalformedPayloadException(
        $"The value that ends at byte {reader.Position} of the payload is not of type {TypeNaming.Friendly(typeof(T))}.");

    public override void WriteTyped(ref PayloadWriter writer, object value) => head.WriteTyped(ref writer, value, this);

    public override object ReadTyped(ref PayloadReader reader) => head.ReadTyped(ref reader);

    public override IEnumerable<PathStep> StepsOf(object value) => head.StepsOf(value);
}
