using System.Collections.Concurrent;
using System.Reflection;
using Grid.Spi;

namespace Grid.Hosting;

/// <summary>Loads the plug-ins that the configuration names and lets them register their providers.</summary>
internal static class PluginLoader
{
    // One copy per file and process, however many nodes a process has. Loaded plug-ins stay: their providers are in use.
    private static readonly ConcurrentDictionary<string, Assembly> Loaded = new(StringComparer.Ordinal);

    /// <summary>Loads all; what is wrong with one is added to the reader's problems, and the next is tried.</summary>
    public static void Load(SettingsReader reader, string contentRoot, GridProviders providers)
    {
        foreach (var (key, path) in reader.ReadList("Plugins"))
        {
            var file = Path.GetFullPath(path, contentRoot);
            if (!File.Exists(file))
            {
                reader.AddProblem(key, $"there is no file {file}. A path is taken from the content root, {contentRoot}.");
                continue;
            }

            if (TryLoad(file, out var problem) is { } assembly)
            {
                problem = Register(assembly, providers);
            }

            if (problem is not null)
            {
                reader.AddProblem(key, $"{file} {problem}");
            }
        }
    }

    private static Assembly? TryLoad(string file, out string? problem)
    {
        problem = null;
        try
        {
            return Loaded.GetOrAdd(file, static path => new PluginContext(path).LoadFromAssemblyPath(path));
        }
        catch (BadImageFormatException)
        {
            problem = "is not a .NET assembly that this process can load.";
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or InvalidOperationException)
        {
            problem = $"cannot be loaded: {exception.Message}";
        }

        return null;
    }

    private static string? Register(Assembly assembly, GridProviders providers)
    {
        try
        {
            var types = assembly.GetExportedTypes().Where(type => type is { IsClass: true, IsAbstract: false } && type.IsAssignableTo(typeof(IGridPlugin))).ToArray();
            foreach (var type in types)
            {
                ((IGridPlugin)Activator.CreateInstance(type)!).Register(providers);
            }

            return types.Length > 0 ? null : $"has no public class that implements {typeof(IGridPlugin)}.";
        }
        catch (MissingMethodException exception)
        {
            return $"has a plug-in class without a public constructor without parameters: {exception.Message}";
        }
        catch (TargetInvocationException exception)
        {
            return $"failed in the constructor of its plug-in class: {exception.InnerException!.GetType()}: {exception.InnerException.Message}";
        }
        catch (Exception exception)
        {
            // Foreign code: whatever it throws is a problem of the configuration that names it, told with the others.
            return $"could not register its providers: {exception.GetType()}: {exception.Message}";
        }
    }
}
