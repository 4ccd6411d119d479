namespace Grid.Serialization;

/// <summary>A sealed class with identity whose coding is two functions and which holds no other objects.</summary>
internal sealed class MutableFormatter<T>(WriteValue<T> write, ReadValue<T> read) : ClassFormatter<T>(Tracking.Early)
    where T : class
{
    protected override void WriteBody(ref PayloadWriter writer, T value) => write(ref writer, value);

    protected override T ReadBody(ref PayloadReader reader)
    {
        var value = read(ref reader);
        reader.Register(value);
        return value;
    }
}
