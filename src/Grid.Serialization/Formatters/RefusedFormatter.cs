namespace Grid.Serialization;

/// <summary>A type that is tied to its process. Null may be shipped, nothing else; the reader accepts nothing else either.</summary>
internal sealed class RefusedFormatter<T>(string reason) : Formatter<T>
{
    public override void Write(ref PayloadWriter writer, T value)
    {
        if (value is not null && !EqualityComparer<T>.Default.Equals(value, default))
        {
            throw new ShipmentRefusal(value, reason);
        }

        writer.WriteNil();
    }

    public override T Read(ref PayloadReader reader)
    {
        if (!reader.TryReadNil())
        {
            Malformed.Content(reader.Position, $"a value of type {TypeNaming.Friendly(typeof(T))} cannot come in a payload: {reason}");
        }

        return default!;
    }

    public override void WriteTyped(ref PayloadWriter writer, object value) => throw new ShipmentRefusal(value, reason);

    public override object ReadTyped(ref PayloadReader reader)
    {
        Malformed.Content(reader.Position, $"a value of type {TypeNaming.Friendly(typeof(T))} cannot come in a payload: {reason}");
        return null!;
    }

    public override string? RefusalOf(object value) => reason;
}
