using System.Reflection;
using System.Runtime.Loader;

namespace Grid.Cli.Running;

/// <summary>The program or library whose method is to run, with the dependencies beside it. Of Grid and the contracts it gets this process's copies.</summary>
internal sealed class UserAssembly : AssemblyLoadContext
{
    private static readonly string[] SharedPrefixes = ["Grid.", "Microsoft.Extensions."];
    private readonly AssemblyDependencyResolver _resolver;

    private UserAssembly(string file)
        : base(Path.GetFileNameWithoutExtension(file)) => _resolver = new AssemblyDependencyResolver(file);

    /// <summary>Loads it.</summary>
    /// <exception cref="UsageException">It cannot be loaded.</exception>
    public static Assembly LoadFile(string path)
    {
        var file = Path.GetFullPath(path);
        if (!File.Exists(file))
        {
            throw new UsageException($"There is no file {file}. Build it first, and name the .dll, such as bin/Release/net10.0/MyJobs.dll.");
        }

        try
        {
            return new UserAssembly(file).LoadFromAssemblyPath(file);
        }
        catch (Exception exception) when (exception is BadImageFormatException or IOException or InvalidOperationException)
        {
            throw new UsageException($"{file} cannot be loaded as a .NET assembly: {exception.Message}");
        }
    }

    protected override Assembly? Load(AssemblyName assemblyName)
    {
        if (SharedPrefixes.Any(prefix => assemblyName.Name!.StartsWith(prefix, StringComparison.Ordinal)) && TryShare(assemblyName) is { } shared)
        {
            return shared;
        }

        return _resolver.ResolveAssemblyToPath(assemblyName) is { } path ? LoadFromAssemblyPath(path) : null;
    }

    private static Assembly? TryShare(AssemblyName name)
    {
        try
        {
            return Default.LoadFromAssemblyName(name);
        }
        catch (Exception exception) when (exception is IOException or BadImageFormatException)
        {
            return null; // The user's own.
        }
    }
}
