namespace Grid.Serialization;

/// <summary>Reads the fields of a structure.</summary>
internal delegate void ReadFields<T>(ref PayloadReader reader, ref T value)
    where T : struct;
