namespace Grid.Serialization;

/// <summary>A class of which a process has one object.</summary>
internal sealed class SingletonFormatter<T>(T shared) : ClassFormatter<T>(Tracking.None)
    where T : class
{
    protected override void WriteBody(ref PayloadWriter writer, T value) => writer.WriteArrayHeader(0);

    protected override T ReadBody(ref PayloadReader reader)
    {
        reader.ReadArrayHeaderOf(0);
        return shared;
    }
}
