using System.Reflection;
using Grid.Kernel.Deployment.Origin;

namespace Grid.Hosting;

/// <summary>Tells Grid about code whose bytes it cannot find by itself.</summary>
public static class ShippedCode
{
    /// <summary>
    /// Says what bytes an assembly was loaded from: for programs that compile or load assemblies in memory, such as scripting hosts. Nodes that run jobs with code of the assembly get these bytes. Call
    /// it before the first job; it is forgotten with the assembly.
    /// </summary>
    /// <param name="assembly">An assembly that was loaded from memory.</param>
    /// <param name="image">The bytes that were loaded; copied.</param>
    public static void Register(Assembly assembly, ReadOnlyMemory<byte> image)
    {
        ArgumentNullException.ThrowIfNull(assembly);
        ArgumentOutOfRangeException.ThrowIfZero(image.Length, nameof(image));
        LoadedAssembly.Register(assembly, image.Span);
    }
}
