using Microsoft.CodeAnalysis;

namespace Grid.Architecture.Tests.Model;

/// <summary>Everything that this test program was started with: the platform, its packages, Grid's assemblies.</summary>
internal static class PlatformReferences
{
    public static IReadOnlyList<MetadataReference> All { get; } =
        [.. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Select(path => MetadataReference.CreateFromFile(path))];
}
