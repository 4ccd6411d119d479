namespace Grid.Serialization;

/// <summary>Reads the fields of an object that exists already.</summary>
internal delegate void FillObject<T>(ref PayloadReader reader, T value)
    where T : class;
