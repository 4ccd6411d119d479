namespace Grid.Serialization;

/// <summary>A location of an interface or abstract type: the type of each value is told.</summary>
internal sealed class PolymorphicFormatter<T> : Formatter<T>
    where T : class
{
    public override void Write(ref PayloadWriter writer, T value)
    {
        if (value is null)
        {
            writer.WriteNil();
            return;
        }

        FormatterIndex.Of(value.GetType()).WriteTyped(ref writer, value);
    }

    public override T Read(ref PayloadReader reader) => reader.TryReadNil() ? null! : PolymorphicReading.Read<T>(ref reader);
}
