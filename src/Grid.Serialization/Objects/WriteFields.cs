namespace Grid.Serialization;

/// <summary>Writes the fields of a structure.</summary>
internal delegate void WriteFields<T>(ref PayloadWriter writer, ref T value)
    where T : struct;
