using System.Collections.Concurrent;
using System.Reflection;
using System.Runtime.Loader;
using Grid.Kernel.Deployment.Code;
using Grid.Serialization;

namespace Grid.Kernel.Deployment.Origin;

/// <summary>
/// Names the assemblies of this process by their content, and finds those again that this program consists of or has named. Holds none of them: what was loaded
/// for a job, or by a plug-in, can be unloaded.
/// </summary>
internal sealed class HostCatalog(HostCode host) : IModuleCatalog
{
    private const int NamedMin = 256;

    // What was named here. Written by whoever names first, read by all; dead entries are swept when there are many.
    private readonly ConcurrentDictionary<ModuleId, WeakReference<Assembly>> _named = new();
    private readonly ConcurrentDictionary<ModuleId, string> _expected = new();
    private int _sweepAt = NamedMin;

    /// <inheritdoc/>
    public bool OutlivesModules => true;

    /// <inheritdoc/>
    public ModuleName NameOf(Assembly assembly)
    {
        if (host.Contains(assembly))
        {
            return new ModuleName(assembly.GetName().Name, default);
        }

        var id = LoadedAssembly.Of(assembly).File.Hash.Module;
        Remember(id, assembly);
        return new ModuleName(null, id);
    }

    /// <inheritdoc/>
    public Assembly? FindHost(string simpleName) => host.Find(simpleName);

    /// <inheritdoc/>
    public Assembly? FindModule(ModuleId id)
    {
        if (_named.TryGetValue(id, out var weak) && weak.TryGetTarget(out var named))
        {
            return named;
        }

        if (LoadedAssembly.Find(id) is { } known)
        {
            return known;
        }

        foreach (var assembly in AssemblyLoadContext.Default.Assemblies)
        {
            if (!assembly.IsDynamic && !host.Contains(assembly) && LoadedAssembly.TryFind(assembly, out var found) && found.File.Hash.Module == id)
            {
                Remember(id, assembly);
                return assembly;
            }
        }

        return LoadExpected(id);
    }

    /// <summary>Takes note of what this program consists of beyond what is loaded: a job's result may be of a type from there.</summary>
    public void Expect(IEnumerable<CodeFile> files)
    {
        foreach (var file in files.Where(file => file.Kind == CodeFileKind.Assembly))
        {
            _expected.TryAdd(file.Hash.Module, file.Name);
        }
    }

    private Assembly? LoadExpected(ModuleId id)
    {
        if (!_expected.TryGetValue(id, out var name))
        {
            return null;
        }

        try
        {
            var assembly = AssemblyLoadContext.Default.LoadFromAssemblyName(new AssemblyName(name));
            return LoadedAssembly.TryFind(assembly, out var found) && found.File.Hash.Module == id ? assembly : null;
        }
        catch (Exception e) when (e is IOException or BadImageFormatException)
        {
            return null;
        }
    }

    private void Remember(ModuleId id, Assembly assembly)
    {
        _named[id] = new WeakReference<Assembly>(assembly);
        if (_named.Count < Volatile.Read(ref _sweepAt))
        {
            return;
        }

        foreach (var (key, weak) in _named)
        {
            if (!weak.TryGetTarget(out _))
            {
                _named.TryRemove(key, out _);
            }
        }

        Volatile.Write(ref _sweepAt, Math.Max(NamedMin, _named.Count * 2));
    }
}
