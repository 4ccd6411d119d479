namespace Grid.Serialization;

/// <summary>
/// An immutable type with derived types that are nobody's business, such as <see cref="Type"/> or <see cref="System.Text.Encoding"/>: all of the family are
/// coded alike, by two functions, and without identity. On the wire they go by the family's head.
/// </summary>
/// <param name="write">Writes a member of the family that is not null.</param>
/// <param name="read">Reads it.</param>
/// <typeparam name="T">The type of the location, or the derived type of a value.</typeparam>
/// <typeparam name="TFamily">The head of the family.</typeparam>
internal sealed class FamilyFormatter<T, TFamily>(WriteValue<TFamily> write, ReadValue<TFamily> read) : Formatter<T>
    where T : class, TFamily
    where TFamily : class
{
    public override Type WireType => typeof(TFamily);

    public override bool IsLeaf => typeof(TFamily) == typeof(string) || typeof(TFamily) == typeof(Uri) || typeof(TFamily) == typeof(Version);

    public override void Write(ref PayloadWriter writer, T value)
    {
        if (value is null)
        {
            writer.WriteNil();
            return;
        }

        writer.Enter();
        write(ref writer, value);
        writer.Leave();
    }

    public override T Read(ref PayloadReader reader)
    {
        if (reader.TryReadNil())
        {
            return null!;
        }

        return ReadTyped(ref reader) as T ?? throw new MalformedPayloadException(
            $"The value that ends at byte {reader.Position} of the payload is not of type {TypeNaming.Friendly(typeof(T))}.");
    }

    public override object ReadTyped(ref PayloadReader reader)
    {
        reader.Enter();
        var value = read(ref reader);
        reader.Leave();
        return value;
    }
}
