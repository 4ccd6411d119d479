using System.Reflection;
using Grid.Kernel.Deployment.Code;
using Grid.Kernel.Deployment.Origin;
using Grid.Serialization;

namespace Grid.Kernel.Deployment.Loading;

/// <summary>Finds modules in one load context, and otherwise in this program.</summary>
internal sealed class ContextCatalog(CodeManifest set, JobLoadContext context, HostCatalog program, HostCode host) : IModuleCatalog
{
    /// <inheritdoc/>
    public ModuleName NameOf(Assembly assembly) => program.NameOf(assembly);

    /// <inheritdoc/>
    public Assembly? FindHost(string simpleName) => program.FindHost(simpleName);

    /// <inheritdoc/>
    public Assembly? FindModule(ModuleId id)
    {
        foreach (var file in set.Files)
        {
            if (file.Hash.Module == id && file.Kind == CodeFileKind.Assembly)
            {
                return host.ContainsName(file.Name) ? FindShared(file) : context.Get(file);
            }
        }

        return program.FindModule(id);
    }

    private Assembly FindShared(CodeFile file)
    {
        var own = host.Find(file.Name);
        return own is not null && LoadedAssembly.TryFind(own, out var found) && found.File.Hash == file.Hash
            ? own
            : throw new CodeShippingException(
                $"This node declares {file.Name} shared (Grid:Deployment:Shared) and has another build of it than the submitter ({file}). Declare it shared there as well, and run the same version.");
    }
}
