using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using Grid.Serialization;

namespace Grid.Kernel.Deployment.Origin;

/// <summary>The files that this program consists of: those beside an assembly, beside the program, in its list of dependencies, or in its single file.</summary>
internal sealed class ProgramFiles
{
    private static readonly Lazy<Dictionary<string, string>> Dependencies = new(FindDependencies);
    private static readonly Lazy<string[]> NativeFolders = new(() => HostList("NATIVE_DLL_SEARCH_DIRECTORIES"));

    private readonly string[] _folders;

    public ProgramFiles(Assembly root) => _folders = [.. new[] { FolderOf(root), AppContext.BaseDirectory }.OfType<string>().Distinct(StringComparer.Ordinal)];

    /// <summary>An assembly that is not loaded; null when it is the platform's or is not found.</summary>
    public CodeSource? Find(string simpleName)
    {
        var beside = _folders.Select(folder => Path.Combine(folder, simpleName + ".dll")).FirstOrDefault(File.Exists);
        if ((beside ?? Dependencies.Value.GetValueOrDefault(simpleName)) is { } path)
        {
            return LoadedModuleCatalog.IsPlatformFile(path) ? null : CodeSource.OfFile(path);
        }

        return AppBundle.Current?.Find(simpleName + ".dll");
    }

    /// <summary>What may be the texts of an assembly in other languages: <c>de/Name.resources.dll</c>.</summary>
    public IEnumerable<CodeSource> SatellitesOf(string simpleName)
    {
        var name = simpleName + ".resources.dll";
        foreach (var folder in _folders)
        {
            foreach (var culture in Directory.EnumerateDirectories(folder))
            {
                if (File.Exists(Path.Combine(culture, name)))
                {
                    yield return CodeSource.OfFile(Path.Combine(culture, name));
                }
            }
        }

        foreach (var path in AppBundle.Current?.Paths ?? [])
        {
            if (path.EndsWith('/' + name, StringComparison.OrdinalIgnoreCase))
            {
                yield return AppBundle.Current!.Find(path)!;
            }
        }
    }

    /// <summary>
    /// The native libraries of the program: those of all platforms in <c>runtimes/&lt;rid&gt;/native</c>, where a portable build has them, and those where the host looks for
    /// this platform's, which for a program of one platform is beside it.
    /// </summary>
    public IEnumerable<NativeFile> Natives() =>
        _folders.SelectMany(NativeFile.OfAllPlatforms).Concat(_folders.Concat(NativeFolders.Value).SelectMany(NativeFile.OfThisPlatform)).DistinctBy(file => file.Path);

    [UnconditionalSuppressMessage("SingleFile", "IL3000", Justification = "An empty location is handled: there is no folder beside it.")]
    private static string? FolderOf(Assembly root) => root.Location.Length > 0 ? Path.GetDirectoryName(root.Location) + Path.DirectorySeparatorChar : null;

    /// <summary>The host's list for the default load context: the program's and the platform's assemblies with their paths, wherever packages lie.</summary>
    private static Dictionary<string, string> FindDependencies()
    {
        var paths = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var path in HostList("TRUSTED_PLATFORM_ASSEMBLIES"))
        {
            paths[Path.GetFileNameWithoutExtension(path)] = path;
        }

        return paths;
    }

    private static string[] HostList(string name) => (AppContext.GetData(name) as string ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
}
