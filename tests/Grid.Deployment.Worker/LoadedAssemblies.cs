using System.Runtime.CompilerServices;

namespace Grid.Deployment.Worker;

/// <summary>Counts in a frame of its own: a list of assemblies on the stack would keep them from being unloaded.</summary>
internal static class LoadedAssemblies
{
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static int Count() => AppDomain.CurrentDomain.GetAssemblies().Length;
}
