namespace Grid.Serialization;

/// <summary>Reads a value whose type the payload tells, or a reference.</summary>
internal static class PolymorphicReading
{
    public static T Read<T>(ref PayloadReader reader)
        where T : class
    {
        var position = reader.Position;
        var value = ReadAny(ref reader);
        if (value is T typed)
        {
            return typed;
        }

        Malformed.Content(position, $"a value of type {TypeNaming.Friendly(value.GetType())} stands where {TypeNaming.Friendly(typeof(T))} was expected.");
        return null!;
    }

    private static object ReadAny(ref PayloadReader reader)
    {
        if (reader.PeekExtension() == ExtensionCode.Reference)
        {
            return reader.ReadReference();
        }

        if (!reader.IsTyped())
        {
            Malformed.Unexpected(reader.Position, reader.Peek(), "a value with its type");
        }

        return reader.ReadTypeHeader().ReadTyped(ref reader);
    }
}
