using System.Collections.Immutable;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.Loader;
using Grid.Serialization;

namespace Grid.Kernel.Deployment.Origin;

/// <summary>
/// Which assemblies every node has by itself and that are therefore never shipped: the platform's, Grid's, those that the contracts refer to, and those that are
/// declared shared.
/// </summary>
internal sealed class HostCode
{
    // Found once per assembly and kept with it.
    private readonly ConditionalWeakTable<Assembly, CodeClosure> _closures = [];
    private readonly ImmutableHashSet<string> _shared;

    private HostCode(ImmutableHashSet<string> shared) => _shared = shared;

    /// <summary>Without shared assemblies. One for all nodes of the process, so that they have the closures in common.</summary>
    private static HostCode Plain { get; } = new([]);

    public static HostCode With(ImmutableHashSet<string> shared) => shared.IsEmpty ? Plain : new HostCode(shared);

    public bool Contains(Assembly assembly) =>
        LoadedModuleCatalog.IsHost(assembly) || (!_shared.IsEmpty && _shared.Contains(assembly.GetName().Name ?? ""));

    /// <summary>Whether the node's copy of an assembly is used whatever a job brings along; what belongs to the platform is found by where it lies.</summary>
    public bool ContainsName(string simpleName) => LoadedModuleCatalog.IsGrid(simpleName) || _shared.Contains(simpleName);

    /// <summary>The node's copy of an assembly that every node has, or null.</summary>
    public Assembly? Find(string simpleName)
    {
        try
        {
            var assembly = AssemblyLoadContext.Default.LoadFromAssemblyName(new AssemblyName { Name = simpleName });
            return Contains(assembly) ? assembly : null;
        }
        catch (Exception e) when (e is IOException or BadImageFormatException or ArgumentException)
        {
            return null;
        }
    }

    /// <summary>All that an assembly of this program needs.</summary>
    public CodeClosure ClosureOf(Assembly assembly) => _closures.GetValue(assembly, key => ReferenceWalk.From(key, this));
}
