namespace Grid.Serialization;

/// <summary>A value type whose coding is two functions.</summary>
internal sealed class ValueFormatter<T>(WriteValue<T> write, ReadValue<T> read, bool isLeaf = true) : Formatter<T>
    where T : struct
{
    public override bool IsLeaf => isLeaf;

    public override void Write(ref PayloadWriter writer, T value) => write(ref writer, value);

    public override T Read(ref PayloadReader reader) => read(ref reader);
}
