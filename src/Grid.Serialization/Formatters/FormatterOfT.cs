namespace Grid.Serialization;

/// <summary>Writes and reads values where the static type is <typeparamref name="T"/>.</summary>
internal abstract class Formatter<T> : Formatter
{
    public override Type WireType => typeof(T);

    public abstract void Write(ref PayloadWriter writer, T value);

    public abstract T Read(ref PayloadReader reader);

    public sealed override void WriteAny(ref PayloadWriter writer, object? value) => Write(ref writer, (T)value!);

    public sealed override object? ReadAny(ref PayloadReader reader) => Read(ref reader);

    public override void WriteTyped(ref PayloadWriter writer, object value)
    {
        writer.WriteTypeHeader(this);
        Write(ref writer, (T)value);
    }

    public override object ReadTyped(ref PayloadReader reader) => Read(ref reader)!;
}
