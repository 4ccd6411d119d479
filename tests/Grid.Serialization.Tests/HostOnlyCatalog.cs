using System.Reflection;

namespace Grid.Serialization.Tests;

/// <summary>A node that has none of the client's code.</summary>
internal sealed class HostOnlyCatalog : IModuleCatalog
{
    private readonly LoadedModuleCatalog _loaded = new();

    public ModuleName NameOf(Assembly assembly) => _loaded.NameOf(assembly);

    public Assembly? FindHost(string simpleName) => _loaded.FindHost(simpleName);

    public Assembly? FindModule(ModuleId id) => null;
}
