namespace Grid.Serialization;

/// <summary>Strings. They are immutable, so each occurrence is written out.</summary>
internal sealed class StringFormatter : Formatter<string>
{
    public override bool IsLeaf => true;

    public override void Write(ref PayloadWriter writer, string value) => StringEncoding.Write(ref writer, value);

    public override string Read(ref PayloadReader reader) => StringDecoding.Read(ref reader)!;
}
