namespace Grid.Serialization;

/// <summary>Reads what the matching <see cref="WriteValue{T}"/> wrote.</summary>
internal delegate T ReadValue<T>(ref PayloadReader reader);
