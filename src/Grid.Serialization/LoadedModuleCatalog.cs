using System.Collections.Concurrent;
using System.Reflection;
using System.Runtime.Loader;

namespace Grid.Serialization;

/// <summary>
/// Finds user modules among the assemblies that are loaded in this process, by their module version id, and host assemblies by name. For
/// processes that have all the code themselves: an embedded grid, tests. What it has found it keeps, so it is not for code that is to be unloaded.
/// </summary>
public sealed class LoadedModuleCatalog : IModuleCatalog
{
    private static readonly string[] PlatformTokens = ["7cec85d7bea7798e", "b03f5f7f11d50a3a", "b77a5c561934e089", "cc7b13ffcd2ddd51", "adb9793829ddae60"];
    private static readonly Lazy<HashSet<string>> GridAssemblies = new(FindGridAssemblies);
    private static readonly string? RuntimeFolder = Path.GetDirectoryName(typeof(object).Assembly.Location);
    private static readonly string? SharedFolder = FindSharedFolder();

    // Written by whichever thread looks a module up first, read by all; entries never change.
    private readonly ConcurrentDictionary<ModuleId, Assembly> _modules = new();

    /// <inheritdoc/>
    public ModuleName NameOf(Assembly assembly)
    {
        ArgumentNullException.ThrowIfNull(assembly);
        if (IsHost(assembly))
        {
            return new ModuleName(assembly.GetName().Name, default);
        }

        if (assembly.IsDynamic)
        {
            throw new CodeShippingException(
                $"Assembly {assembly.GetName().Name} was made in memory and has no file that another node could load; compile the job's code into an assembly.");
        }

        return new ModuleName(null, IdOf(assembly));
    }

    /// <inheritdoc/>
    public Assembly? FindHost(string simpleName)
    {
        ArgumentNullException.ThrowIfNull(simpleName);
        try
        {
            var assembly = AssemblyLoadContext.Default.LoadFromAssemblyName(new AssemblyName { Name = simpleName });
            return IsHost(assembly) ? assembly : null;
        }
        catch (Exception e) when (e is IOException or BadImageFormatException or ArgumentException)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public Assembly? FindModule(ModuleId id)
    {
        if (_modules.TryGetValue(id, out var known))
        {
            return known;
        }

        foreach (var assembly in AppDomain.CurrentDomain.GetAssemblies())
        {
            if (!assembly.IsDynamic && IdOf(assembly) == id)
            {
                return _modules.GetOrAdd(id, assembly);
            }
        }

        return null;
    }

    /// <summary>Whether every node has its own copy of an assembly: it belongs to the .NET shared framework or to Grid.</summary>
    /// <param name="assembly">Any assembly.</param>
    /// <returns>Whether it goes by its simple name.</returns>
    public static bool IsHost(Assembly assembly)
    {
        ArgumentNullException.ThrowIfNull(assembly);
        if (assembly.IsDynamic)
        {
            return false;
        }

        var name = assembly.GetName();
        if (name.Name is not null && IsGrid(name.Name))
        {
            return true;
        }

        return IsPlatform(assembly, name);
    }

    /// <summary>Whether an assembly is Grid's own, or one that the contracts refer to: shipped code binds to the node's copies of these.</summary>
    /// <param name="simpleName">The assembly's simple name.</param>
    public static bool IsGrid(string simpleName) => GridAssemblies.Value.Contains(simpleName);

    /// <summary>Whether a file is part of the .NET shared framework that this process runs on, or of one beside it (ASP.NET Core).</summary>
    /// <param name="path">The full path of an assembly.</param>
    public static bool IsPlatformFile(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (string.IsNullOrEmpty(RuntimeFolder))
        {
            return false;
        }

        var folder = Path.GetDirectoryName(path);
        return SharedFolder is null
            ? folder == RuntimeFolder && IsPlatformName(path)
            : folder == RuntimeFolder || Path.GetDirectoryName(Path.GetDirectoryName(folder)) == SharedFolder;
    }

    /// <summary>
    /// In the shared framework's folder or one beside it (ASP.NET Core). A program that brings its own platform has it among its own files, or in its single file: there the
    /// signing key and the version tell.
    /// </summary>
    private static bool IsPlatform(Assembly assembly, AssemblyName name)
    {
        if (assembly.Location.Length > 0)
        {
            return IsPlatformFile(assembly.Location);
        }

        return SharedFolder is null && IsPlatformName(name) && assembly == FindDefault(name);
    }

    /// <summary>Packages may be signed with the platform's keys; what is of the platform has its version, too, but for a few names that are older than it.</summary>
    private static bool IsPlatformName(AssemblyName name) =>
        Array.IndexOf(PlatformTokens, Convert.ToHexStringLower(name.GetPublicKeyToken() ?? [])) >= 0
        && (name.Version?.Major == Environment.Version.Major || name.Name is "mscorlib" or "netstandard" or "Microsoft.VisualBasic.Core");

    private static bool IsPlatformName(string path)
    {
        try
        {
            return IsPlatformName(AssemblyName.GetAssemblyName(path));
        }
        catch (Exception e) when (e is IOException or BadImageFormatException)
        {
            return false;
        }
    }

    /// <summary>The folder of all shared frameworks; null when this process runs on a platform of its own.</summary>
    private static string? FindSharedFolder()
    {
        var shared = Path.GetDirectoryName(Path.GetDirectoryName(RuntimeFolder));
        return Path.GetFileName(shared) == "shared" ? shared : null;
    }

    private static Assembly? FindDefault(AssemblyName name)
    {
        foreach (var assembly in AssemblyLoadContext.Default.Assemblies)
        {
            if (assembly.GetName().Name == name.Name)
            {
                return assembly;
            }
        }

        return null;
    }

    /// <summary>Grid's own assemblies and what the contracts refer to: shipped code binds to the node's copies of these.</summary>
    private static HashSet<string> FindGridAssemblies()
    {
        var names = new HashSet<string>(StringComparer.Ordinal)
        {
            "Grid.Abstractions", "Grid.Serialization", "Grid.Messaging", "Grid.Kernel", "Grid.Hosting",
        };
        foreach (var reference in typeof(GridException).Assembly.GetReferencedAssemblies())
        {
            names.Add(reference.Name!);
        }

        return names;
    }

    private static ModuleId IdOf(Assembly assembly)
    {
        Span<byte> bytes = stackalloc byte[ModuleId.ByteCount];
        assembly.ManifestModule.ModuleVersionId.TryWriteBytes(bytes, bigEndian: true, out _);
        return new ModuleId(System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(bytes));
    }
}
