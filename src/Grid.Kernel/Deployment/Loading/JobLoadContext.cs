using System.Reflection;
using System.Runtime.Loader;
using Grid.Kernel.Deployment.Code;
using Grid.Kernel.Deployment.Origin;

namespace Grid.Kernel.Deployment.Loading;

/// <summary>
/// The loaded assemblies of one set of code. What is in the set comes from its bytes; the platform, Grid and what is declared shared come from the node; so does what is
/// neither, if the node's program has it.
/// </summary>
/// <remarks>
/// It refers strongly to nothing that refers to its code, assemblies included: the platform holds a context until its code is collected, so the code would keep itself.
/// </remarks>
internal sealed class JobLoadContext : AssemblyLoadContext
{
    private readonly CodeManifest _set;
    private readonly HostCode _host;
    private readonly CodeImages _images;
    private readonly Lock _gate = new();

    // Under the gate: the platform may ask for one assembly on two threads at once, and takes each only once.
    private readonly Dictionary<FileHash, WeakReference<Assembly>> _loaded = [];

    public JobLoadContext(CodeManifest set, HostCode host, CodeImages images)
        : base($"grid {set.Id}", isCollectible: true)
    {
        _set = set;
        _host = host;
        _images = images;
    }

    /// <summary>A file of the set as an assembly.</summary>
    /// <exception cref="CodeShippingException">Its bytes are gone.</exception>
    public Assembly Get(CodeFile file)
    {
        lock (_gate)
        {
            if (FindNeedsLock(file) is { } known)
            {
                return known;
            }
        }

        var content = _images.Read(file);
        lock (_gate)
        {
            if (FindNeedsLock(file) is { } meanwhile)
            {
                return meanwhile;
            }

            var assembly = LoadFromStream(new MemoryStream(content, writable: false));
            LoadedAssembly.Note(assembly, file, _set);
            _loaded[file.Hash] = new WeakReference<Assembly>(assembly);
            return assembly;
        }
    }

    /// <inheritdoc/>
    protected override Assembly? Load(AssemblyName assemblyName)
    {
        var name = assemblyName.Name ?? "";
        if (_host.ContainsName(name))
        {
            return null;
        }

        var culture = assemblyName.CultureName ?? "";
        var kind = culture.Length == 0 ? CodeFileKind.Assembly : CodeFileKind.Satellite;
        foreach (var file in _set.Files)
        {
            if (file.Kind == kind && file.Name.Equals(name, StringComparison.OrdinalIgnoreCase) && file.Qualifier.Equals(culture, StringComparison.OrdinalIgnoreCase))
            {
                return Get(file);
            }
        }

        return null;
    }

    /// <inheritdoc/>
    protected override nint LoadUnmanagedDll(string unmanagedDllName)
    {
        foreach (var file in _set.UsableOn(RuntimeIdentifiers.Current))
        {
            if (file.Kind == CodeFileKind.Native && IsNamed(file.Name, unmanagedDllName) && _images.FindPath(file) is { } path)
            {
                return LoadUnmanagedDllFromPath(path);
            }
        }

        return nint.Zero;
    }

    /// <summary>The variations of a library's name that the platform tries itself.</summary>
    private static bool IsNamed(string fileName, string wanted)
    {
        var comparison = OperatingSystem.IsWindows() ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;
        string[] endings = OperatingSystem.IsWindows() ? [".dll"] : OperatingSystem.IsMacOS() ? [".dylib"] : [".so"];
        return fileName.Equals(wanted, comparison)
            || endings.Any(ending => fileName.Equals(wanted + ending, comparison) || fileName.Equals($"lib{wanted}{ending}", comparison))
            || fileName.Equals($"lib{wanted}", comparison);
    }

    private Assembly? FindNeedsLock(CodeFile file) =>
        _loaded.TryGetValue(file.Hash, out var weak) && weak.TryGetTarget(out var assembly) ? assembly : null;
}
