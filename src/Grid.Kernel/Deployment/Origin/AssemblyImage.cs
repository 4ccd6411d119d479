using System.Collections.Immutable;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using Grid.Kernel.Deployment.Code;

namespace Grid.Kernel.Deployment.Origin;

/// <summary>What the bytes of an assembly tell, without loading it.</summary>
/// <param name="File">How it stands in a manifest.</param>
/// <param name="Source">Where its bytes can be read again.</param>
/// <param name="References">The simple names of the assemblies that it refers to.</param>
/// <param name="CallsNative">Whether it may load native libraries.</param>
/// <param name="ModuleVersionId">Which build it is, by the compiler's own number.</param>
internal sealed record AssemblyImage(CodeFile File, CodeSource Source, ImmutableArray<string> References, bool CallsNative, Guid ModuleVersionId)
{
    /// <summary>The assembly through which code finds native libraries by itself.</summary>
    private const string NativeLoading = "System.Runtime.InteropServices";

    /// <summary>Reads an assembly.</summary>
    /// <param name="source">Its bytes.</param>
    /// <returns>What it is, or null when the bytes are no assembly.</returns>
    public static AssemblyImage? TryRead(CodeSource source)
    {
        var content = source.Read();
        try
        {
            using var image = new PEReader(new MemoryStream(content, writable: false));
            return image.HasMetadata && image.GetMetadataReader() is { IsAssembly: true } metadata ? Read(source, content, metadata) : null;
        }
        catch (BadImageFormatException)
        {
            return null;
        }
    }

    private static AssemblyImage Read(CodeSource source, byte[] content, MetadataReader metadata)
    {
        var definition = metadata.GetAssemblyDefinition();
        var name = metadata.GetString(definition.Name);
        var culture = metadata.GetString(definition.Culture);
        var isSatellite = culture.Length > 0;
        var file = new CodeFile(
            isSatellite ? CodeFileKind.Satellite : CodeFileKind.Assembly,
            isSatellite ? $"{culture}/{name}.dll" : $"{name}.dll",
            name,
            definition.Version.ToString(),
            culture,
            content.Length,
            FileHash.Of(content));
        ImmutableArray<string> references = [.. metadata.AssemblyReferences.Select(handle => metadata.GetString(metadata.GetAssemblyReference(handle).Name))];
        var callsNative = metadata.GetTableRowCount(TableIndex.ModuleRef) > 0 || references.Contains(NativeLoading);
        return new AssemblyImage(file, source, references, callsNative, metadata.GetGuid(metadata.GetModuleDefinition().Mvid));
    }
}
