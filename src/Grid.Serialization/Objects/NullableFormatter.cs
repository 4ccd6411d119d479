namespace Grid.Serialization;

/// <summary>Values that may be absent.</summary>
internal sealed class NullableFormatter<T> : Formatter<T?>
    where T : struct
{
    public override bool IsLeaf => Formatters<T>.Instance.IsLeaf;

    public override void Write(ref PayloadWriter writer, T? value)
    {
        if (value is { } present)
        {
            Formatters<T>.Instance.Write(ref writer, present);
        }
        else
        {
            writer.WriteNil();
        }
    }

    public override T? Read(ref PayloadReader reader) => reader.TryReadNil() ? null : Formatters<T>.Instance.Read(ref reader);
}
