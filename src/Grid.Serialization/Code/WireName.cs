namespace Grid.Serialization;

/// <summary>The name of a type or method as it goes on the wire, except for the numbers of its modules, which differ from payload to payload.</summary>
/// <param name="Bytes">The name.</param>
/// <param name="Modules">The user modules in it.</param>
/// <param name="Offsets">Where in <paramref name="Bytes"/> the two-byte number of each goes.</param>
internal sealed record WireName(byte[] Bytes, ModuleId[] Modules, int[] Offsets);
