using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace Grid.Kernel.Deployment.Code;

/// <summary>
/// The files that a job needs beside the platform and Grid: its own assembly and all that this refers to, directly or not. Files stand in the order of
/// their paths, so that one set has one form and one id.
/// </summary>
internal sealed class CodeManifest
{
    private CodeManifest(ImmutableArray<CodeFile> files, byte[] content)
    {
        Files = files;
        Content = content;
        Id = new CodeSetId(FileHash.Of(content).High);
        BytesTotal = files.Sum(file => (long)file.Bytes);
    }

    public CodeSetId Id { get; }

    public ImmutableArray<CodeFile> Files { get; }

    /// <summary>The form that travels and that the id is made of.</summary>
    public ReadOnlyMemory<byte> Content { get; }

    /// <summary>What all files take together.</summary>
    public long BytesTotal { get; }

    /// <summary>Makes the manifest of files in any order; the same file may come more than once.</summary>
    /// <exception cref="CodeShippingException">Two different files would stand in one place.</exception>
    public static CodeManifest Of(IEnumerable<CodeFile> files)
    {
        var byPath = new SortedDictionary<string, CodeFile>(StringComparer.Ordinal);
        foreach (var file in files)
        {
            if (byPath.TryGetValue(file.Path, out var other) && other.Hash != file.Hash)
            {
                throw new CodeShippingException(
                    $"One job needs two builds of {file.Path}: {other} ({other.Hash.ToShortString()}) and {file} ({file.Hash.ToShortString()}). "
                    + "Let all assemblies that the job touches come from one program.");
            }

            byPath[file.Path] = file;
        }

        ImmutableArray<CodeFile> sorted = [.. byPath.Values];
        return new CodeManifest(sorted, ManifestFormat.Write(sorted));
    }

    /// <summary>Reads a manifest from another node.</summary>
    public static bool TryRead(ReadOnlySpan<byte> content, DeploymentOptions limits, [NotNullWhen(true)] out CodeManifest? manifest)
    {
        manifest = ManifestFormat.TryRead(content, limits, out var files) ? new CodeManifest(files, content.ToArray()) : null;
        return manifest is not null;
    }

    /// <summary>The files of one kind that this process can use: native libraries only of its own platform.</summary>
    public IEnumerable<CodeFile> UsableOn(string runtimeIdentifier) =>
        Files.Where(file => file.Kind != CodeFileKind.Native || RuntimeIdentifiers.Fits(file.Qualifier, runtimeIdentifier));

    /// <summary>The names of its assemblies, for logs: the first few.</summary>
    public string Describe()
    {
        const int NamesMax = 4;
        var names = Files.Where(file => file.Kind == CodeFileKind.Assembly).Select(file => file.ToString()).ToList();
        return names.Count <= NamesMax ? string.Join(", ", names) : $"{string.Join(", ", names.Take(NamesMax))} and {names.Count - NamesMax} more";
    }
}
