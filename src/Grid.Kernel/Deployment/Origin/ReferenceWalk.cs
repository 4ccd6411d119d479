using System.Reflection;
using System.Runtime.Loader;
using Grid.Kernel.Deployment.Code;

namespace Grid.Kernel.Deployment.Origin;

/// <summary>
/// Finds everything that an assembly of this program needs, by walking its references: what is loaded beside it, what lies beside it or beside the program, and what
/// the program's list of dependencies names. A reference that is found nowhere is left out: compilers record what was referred to, which
/// is not always used; if it is, the job fails with the platform's own message.
/// </summary>
internal sealed class ReferenceWalk
{
    private readonly HostCode _host;
    private readonly ProgramFiles _program;
    private readonly Dictionary<string, Assembly> _loaded = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, CodeFile> _files = new(StringComparer.Ordinal);
    private readonly Dictionary<FileHash, CodeSource> _sources = [];
    private readonly Queue<AssemblyImage> _unwalked = new();
    private readonly HashSet<string> _seen = new(StringComparer.OrdinalIgnoreCase);
    private bool _callsNative;

    private ReferenceWalk(Assembly root, HostCode host)
    {
        _host = host;
        _program = new ProgramFiles(root);
        Note(AssemblyLoadContext.Default);
        if (AssemblyLoadContext.GetLoadContext(root) is { } own && own != AssemblyLoadContext.Default)
        {
            Note(own);
        }
    }

    /// <summary>Walks.</summary>
    /// <exception cref="CodeShippingException">A file that is needed cannot be shipped.</exception>
    public static CodeClosure From(Assembly root, HostCode host)
    {
        var walk = new ReferenceWalk(root, host);
        walk.Add(LoadedAssembly.Of(root).Image ?? throw new CodeShippingException($"Assembly {root.GetName().Name} came from another node and goes with its set."));
        while (walk._unwalked.TryDequeue(out var image))
        {
            foreach (var reference in image.References.Where(walk._seen.Add))
            {
                walk.Follow(reference);
            }
        }

        if (walk._callsNative)
        {
            walk.AddNatives();
        }

        return new CodeClosure([.. walk._files.Values], walk._sources);
    }

    // Of two loaded assemblies with one name the root's own context counts, as it does for the platform.
    private void Note(AssemblyLoadContext context)
    {
        foreach (var assembly in context.Assemblies.Where(assembly => !assembly.IsDynamic))
        {
            _loaded[assembly.GetName().Name!] = assembly;
        }
    }

    private void Follow(string reference)
    {
        if (_host.ContainsName(reference))
        {
            return;
        }

        if (_loaded.TryGetValue(reference, out var loaded))
        {
            if (!_host.Contains(loaded) && LoadedAssembly.Of(loaded).Image is { } known)
            {
                Add(known);
            }
        }
        else if (_program.Find(reference) is { } source && AssemblyImage.TryRead(source) is { } image)
        {
            Add(image);
        }
    }

    private void Add(AssemblyImage image)
    {
        _seen.Add(image.File.Name);
        Add(image.File, image.Source);
        _unwalked.Enqueue(image);
        _callsNative |= image.CallsNative;
        foreach (var source in _program.SatellitesOf(image.File.Name))
        {
            if (AssemblyImage.TryRead(source) is { File.Kind: CodeFileKind.Satellite } satellite)
            {
                Add(satellite.File, source);
            }
        }
    }

    private void Add(CodeFile file, CodeSource source)
    {
        _files[file.Path] = file;
        _sources[file.Hash] = source;
    }

    private void AddNatives()
    {
        foreach (var native in _program.Natives())
        {
            var content = native.Source.Read();
            Add(new CodeFile(CodeFileKind.Native, native.Path, Path.GetFileName(native.Path), "", native.Runtime, content.Length, FileHash.Of(content)), native.Source);
        }
    }
}
