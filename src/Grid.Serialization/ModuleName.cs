namespace Grid.Serialization;

/// <summary>What an assembly is called on the wire: a host assembly by its simple name, a user assembly by its identity.</summary>
/// <param name="HostName">The simple name of an assembly that every node has, such as <c>System.Linq</c>; otherwise <see langword="null"/>.</param>
/// <param name="Id">The identity of a user assembly; default for a host assembly.</param>
public readonly record struct ModuleName(string? HostName, ModuleId Id)
{
    /// <summary>Whether every node has its own copy, whose patch version may differ from ours.</summary>
    public bool IsHost => HostName is not null;
}
