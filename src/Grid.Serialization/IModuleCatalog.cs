using System.Reflection;

namespace Grid.Serialization;

/// <summary>
/// How assemblies are named on the wire and found again. Called by <see cref="GridSerializer"/> from any thread, at most once per assembly
/// and catalog when it succeeds (answers are kept as long as the catalog lives), so it may take its time, but it must not block on the network:
/// the modules of a payload are known from its header (<see cref="GridSerializer.ReadModules"/>) and are to be fetched before it is read.
/// </summary>
public interface IModuleCatalog
{
    /// <summary>Names an assembly whose types or methods are about to be written.</summary>
    /// <param name="assembly">Any loaded assembly.</param>
    /// <returns>The name.</returns>
    /// <exception cref="CodeShippingException">The assembly cannot be named, for example because it was made in memory.</exception>
    ModuleName NameOf(Assembly assembly);

    /// <summary>Finds an assembly that every node has.</summary>
    /// <param name="simpleName">Its simple name, from the wire.</param>
    /// <returns>The assembly, or <see langword="null"/> when this node does not have it.</returns>
    Assembly? FindHost(string simpleName);

    /// <summary>
    /// Whether modules that this catalog finds may be unloaded while it lives on. If so, nothing that is cached for it holds on to such code, and its names are looked up
    /// again each time. <see langword="false"/> by default: the code lives at least as long as the catalog.
    /// </summary>
    bool OutlivesModules => false;

    /// <summary>Finds a user assembly.</summary>
    /// <param name="id">Its identity, from the wire.</param>
    /// <returns>The assembly, or <see langword="null"/> when it is not loaded here.</returns>
    Assembly? FindModule(ModuleId id);
}
