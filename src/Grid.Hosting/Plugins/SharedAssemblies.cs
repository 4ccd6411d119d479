using System.Reflection;
using System.Runtime.Loader;
using Grid.Spi;

namespace Grid.Hosting;

/// <summary>The assemblies whose types pass between Grid and its plug-ins: the contracts and all that they are written with.</summary>
internal static class SharedAssemblies
{
    private static readonly Lazy<HashSet<string>> Names = new(Find);

    public static bool Contains(string name) =>
        Names.Value.Contains(name) || (name.StartsWith("Microsoft.Extensions.", StringComparison.Ordinal) && name.EndsWith(".Abstractions", StringComparison.Ordinal));

    private static HashSet<string> Find()
    {
        var contracts = typeof(IGridPlugin).Assembly;
        var names = new HashSet<string>(StringComparer.Ordinal) { contracts.GetName().Name! };
        var open = new Queue<Assembly>([contracts]);
        while (open.TryDequeue(out var assembly))
        {
            foreach (var reference in assembly.GetReferencedAssemblies().Where(reference => names.Add(reference.Name!)))
            {
                open.Enqueue(AssemblyLoadContext.Default.LoadFromAssemblyName(reference));
            }
        }

        return names;
    }
}
