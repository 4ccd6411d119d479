namespace Grid.Serialization;

/// <summary>Writes a value; an object is not null.</summary>
internal delegate void WriteValue<T>(ref PayloadWriter writer, T value);
