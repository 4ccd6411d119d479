using System.Reflection;
using System.Runtime.Loader;

namespace Grid.Hosting;

/// <summary>A plug-in with its dependencies, apart from those of Grid and of other plug-ins; only the contracts are shared.</summary>
/// <param name="file">The plug-in's assembly; its dependencies are in the folder, described by its <c>.deps.json</c>.</param>
internal sealed class PluginContext(string file) : AssemblyLoadContext(Path.GetFileNameWithoutExtension(file))
{
    private readonly AssemblyDependencyResolver _resolver = new(file);

    protected override Assembly? Load(AssemblyName assemblyName)
    {
        if (SharedAssemblies.Contains(assemblyName.Name ?? ""))
        {
            return null; // The host's.
        }

        return _resolver.ResolveAssemblyToPath(assemblyName) is { } path ? LoadFromAssemblyPath(path) : null;
    }

    protected override IntPtr LoadUnmanagedDll(string unmanagedDllName) =>
        _resolver.ResolveUnmanagedDllToPath(unmanagedDllName) is { } path ? LoadUnmanagedDllFromPath(path) : IntPtr.Zero;
}
