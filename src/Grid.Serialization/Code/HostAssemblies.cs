namespace Grid.Serialization;

/// <summary>Host assemblies whose names go as one byte. Numbers, the positions here plus one, are never reused; 0 stands before a name in full.</summary>
internal static class HostAssemblies
{
    private static readonly string[] List =
    [
        "System.Private.CoreLib", "System.Collections", "System.Linq", "System.Collections.Concurrent", "System.Collections.Immutable",
        "System.Runtime.Numerics", "System.Private.Uri", "System.Text.RegularExpressions", "System.ObjectModel", "Grid.Abstractions",
    ];

    public static int NumberOf(string name) => Array.IndexOf(List, name) + 1;

    public static string? NameOf(int number) => (uint)(number - 1) < (uint)List.Length ? List[number - 1] : null;
}
