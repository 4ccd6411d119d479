namespace Grid.Serialization;

/// <summary>
/// A location of type <see cref="object"/>. Strings, booleans and floats go bare, as MessagePack tells their types; a bare <c>new object()</c>, which
/// people lock on, is a typed empty array; all else is told with its type.
/// </summary>
internal sealed class ObjectFormatter : Formatter<object>
{
    public override void Write(ref PayloadWriter writer, object value)
    {
        switch (value)
        {
            case null:
                writer.WriteNil();
                break;
            case string text:
                writer.WriteString(text);
                break;
            case bool flag:
                writer.WriteBoolean(flag);
                break;
            case double number:
                writer.WriteDouble(number);
                break;
            case float number:
                writer.WriteSingle(number);
                break;
            default:
                FormatterIndex.Of(value.GetType()).WriteTyped(ref writer, value);
                break;
        }
    }

    public override object Read(ref PayloadReader reader)
    {
        switch (reader.Peek())
        {
            case MessagePackCode.Nil:
                reader.TryReadNil();
                return null!;
            case MessagePackCode.True or MessagePackCode.False:
                return reader.ReadBoolean();
            case MessagePackCode.Float64:
                return reader.ReadDouble();
            case MessagePackCode.Float32:
                return reader.ReadSingle();
            case (>= MessagePackCode.FixString and < MessagePackCode.Nil) or (>= MessagePackCode.String8 and <= MessagePackCode.String32):
                return reader.ReadString()!;
            default:
                return reader.PeekExtension() == ExtensionCode.Utf16String ? reader.ReadString()! : PolymorphicReading.Read<object>(ref reader);
        }
    }

    public override void WriteTyped(ref PayloadWriter writer, object value)
    {
        if (writer.TryTrack(value))
        {
            writer.WriteTypeHeader(this);
            writer.WriteArrayHeader(0);
        }
    }

    public override object ReadTyped(ref PayloadReader reader)
    {
        reader.ReadArrayHeaderOf(0);
        var value = new object();
        reader.Register(value);
        return value;
    }
}
