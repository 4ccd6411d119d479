using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.Loader;
using Grid.Kernel.Deployment.Code;
using Grid.Serialization;

namespace Grid.Kernel.Deployment.Origin;

/// <summary>
/// What is known of an assembly that is loaded in this process: its content's hash and where its bytes are. Found once per assembly, for the whole process, and
/// forgotten with the assembly.
/// </summary>
internal sealed class LoadedAssembly
{
    private static readonly ConditionalWeakTable<Assembly, LoadedAssembly> Known = [];
    private static readonly ConditionalWeakTable<Assembly, byte[]> Registered = [];

    // Assemblies of the program itself that somebody has asked about; they are never unloaded.
    private static readonly ConcurrentDictionary<ModuleId, Assembly> OfProgram = new();

    private LoadedAssembly(CodeFile file, AssemblyImage? image, CodeManifest? shipped)
    {
        File = file;
        Image = image;
        Shipped = shipped;
    }

    public CodeFile File { get; }

    /// <summary>Its bytes; null for an assembly that came from another node.</summary>
    public AssemblyImage? Image { get; }

    /// <summary>The set that it came with; null for an assembly of this program.</summary>
    public CodeManifest? Shipped { get; }

    /// <summary>Finds out what an assembly is.</summary>
    /// <exception cref="CodeShippingException">Its bytes cannot be had.</exception>
    public static LoadedAssembly Of(Assembly assembly) => Known.TryGetValue(assembly, out var known) ? known : Known.GetValue(assembly, Find);

    /// <summary>Finds out what an assembly is, or says why it cannot be shipped.</summary>
    public static bool TryFind(Assembly assembly, [NotNullWhen(true)] out LoadedAssembly? found)
    {
        try
        {
            found = Of(assembly);
            return true;
        }
        catch (CodeShippingException)
        {
            found = null;
            return false;
        }
    }

    /// <summary>An assembly of the program itself that somebody has asked about, by its content.</summary>
    public static Assembly? Find(ModuleId id) => OfProgram.GetValueOrDefault(id);

    /// <summary>Says what bytes an assembly was loaded from, when the platform does not know it.</summary>
    public static void Register(Assembly assembly, ReadOnlySpan<byte> image) => Registered.AddOrUpdate(assembly, image.ToArray());

    /// <summary>Notes an assembly that was loaded from another node's bytes.</summary>
    public static void Note(Assembly assembly, CodeFile file, CodeManifest set) => Known.AddOrUpdate(assembly, new LoadedAssembly(file, null, set));

    private static LoadedAssembly Find(Assembly assembly)
    {
        var source = FindSource(assembly);
        var image = Read(assembly, source);
        var module = assembly.ManifestModule.ModuleVersionId;
        if (image.ModuleVersionId != module)
        {
            throw new CodeShippingException(
                $"Assembly {assembly.GetName().Name} was rebuilt since this process loaded it: {source.Place} holds build {image.ModuleVersionId:N}, "
                + $"the process runs {module:N}. Start the program again.");
        }

        if (AssemblyLoadContext.GetLoadContext(assembly) == AssemblyLoadContext.Default)
        {
            OfProgram.TryAdd(image.File.Hash.Module, assembly);
        }

        return new LoadedAssembly(image.File, image, null);
    }

    private static AssemblyImage Read(Assembly assembly, CodeSource source)
    {
        try
        {
            return AssemblyImage.TryRead(source) ?? throw new CodeShippingException($"{source.Place}, from which {assembly.GetName().Name} was loaded, is not an assembly any more.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CodeShippingException($"Assembly {assembly.GetName().Name} cannot be read from {source.Place} to be shipped: {e.Message}", e);
        }
    }

    private static CodeSource FindSource(Assembly assembly)
    {
        var name = assembly.GetName().Name!;
        if (Registered.TryGetValue(assembly, out var bytes))
        {
            return new CodeSource($"registered bytes of {name}", () => bytes);
        }

        if (assembly.IsDynamic)
        {
            throw new CodeShippingException(
                $"Assembly {name} was made in memory and has no bytes that another node could load. Save it, load it from the saved bytes and register these "
                + "(ShippedCode.Register), or compile the job's code into an assembly.");
        }

        return Locate(assembly) ?? AppBundle.Current?.Find($"{name}.dll") ?? throw new CodeShippingException(
            $"Assembly {name} was loaded from memory, and its bytes are not known: register them after loading it (ShippedCode.Register).");
    }

    [UnconditionalSuppressMessage("SingleFile", "IL3000", Justification = "An empty location is handled: the bundle is looked into.")]
    private static CodeSource? Locate(Assembly assembly) => assembly.Location.Length > 0 ? CodeSource.OfFile(assembly.Location) : null;
}
