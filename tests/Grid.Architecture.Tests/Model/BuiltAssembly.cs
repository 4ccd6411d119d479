using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace Grid.Architecture.Tests.Model;

/// <summary>What a compiled assembly depends on, read from its metadata: true whatever the sources look like.</summary>
internal sealed class BuiltAssembly
{
    private BuiltAssembly(string name, IReadOnlyList<string> references, IReadOnlyList<string> typesNamed) =>
        (Name, References, TypesNamed) = (name, references, typesNamed);

    public string Name { get; }

    /// <summary>The assemblies that it references.</summary>
    public IReadOnlyList<string> References { get; }

    /// <summary>The types of other assemblies that it names, with their namespaces.</summary>
    public IReadOnlyList<string> TypesNamed { get; }

    public static BuiltAssembly Read(Stream image)
    {
        using var file = new PEReader(image);
        var metadata = file.GetMetadataReader();
        return new BuiltAssembly(
            metadata.GetString(metadata.GetAssemblyDefinition().Name),
            [.. metadata.AssemblyReferences.Select(handle => metadata.GetString(metadata.GetAssemblyReference(handle).Name))],
            [.. metadata.TypeReferences.Select(metadata.GetTypeReference).Select(type => $"{metadata.GetString(type.Namespace)}.{metadata.GetString(type.Name)}")]);
    }

    public static BuiltAssembly Read(string path)
    {
        using var image = File.OpenRead(path);
        return Read(image);
    }
}
