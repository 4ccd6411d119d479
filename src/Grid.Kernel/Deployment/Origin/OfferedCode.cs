using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Grid.Kernel.Deployment.Code;
using Grid.Serialization;

namespace Grid.Kernel.Deployment.Origin;

/// <summary>
/// The sets of code of the jobs that this process submits: which set a job needs, and where the bytes are for those who ask. A set is made
/// with the first job that needs it; after that a job costs a look-up.
/// </summary>
internal sealed class OfferedCode(HostCatalog catalog, HostCode host)
{
    private const int SetsMax = 4096;

    private readonly ConcurrentDictionary<ModuleId, CodeSetId> _ofModule = new();
    private readonly ConcurrentDictionary<ModuleList, CodeSetId> _ofModules = new();
    private readonly ConcurrentDictionary<CodeSetId, CodeManifest> _sets = new();
    private readonly ConcurrentDictionary<FileHash, CodeSource> _sources = new();

    /// <summary>The set that a job needs.</summary>
    /// <param name="job">Its serialized delegate.</param>
    /// <param name="argument">Its serialized argument, or nothing.</param>
    /// <exception cref="CodeShippingException">Some of the code cannot be shipped.</exception>
    public CodeSetId SetFor(ReadOnlySpan<byte> job, ReadOnlySpan<byte> argument)
    {
        var first = GridSerializer.ReadModules(job);
        var second = GridSerializer.ReadModules(argument);
        if (first.Count == 1 && (second.Count == 0 || (second.Count == 1 && second[0] == first[0])))
        {
            return _ofModule.TryGetValue(first[0], out var known) ? known : Make(first[0]);
        }

        if (first.Count + second.Count == 0)
        {
            return default;
        }

        var list = ModuleList.Of(first, second);
        return _ofModules.TryGetValue(list, out var set) ? set : Make(list);
    }

    /// <summary>
    /// The set that modules of this program make, when all of them are loaded; none otherwise. What was loaded for a job is not this program's: its context may have been given up
    /// already, and be there only until it is collected.
    /// </summary>
    public CodeSetId SetOfProgram(ModuleList modules)
    {
        try
        {
            return !modules.Ids.IsEmpty && modules.Ids.All(IsOfProgram) ? Make(modules) : default;
        }
        catch (CodeShippingException)
        {
            // What cannot be shipped is not what was shipped to us.
            return default;
        }
    }

    public CodeManifest? Find(CodeSetId set) => _sets.GetValueOrDefault(set);

    public bool TryFind(FileHash file, [NotNullWhen(true)] out CodeSource? source) => _sources.TryGetValue(file, out source);

    private bool IsOfProgram(ModuleId module) =>
        catalog.FindModule(module) is { } assembly && LoadedAssembly.Of(assembly).Shipped is null;

    private CodeSetId Make(ModuleId module)
    {
        var set = Make(new ModuleList([module]));
        _ofModule[module] = set;
        return set;
    }

    private CodeSetId Make(ModuleList modules)
    {
        var files = modules.Ids.SelectMany(FilesOf).ToList();
        if (files.Count == 0)
        {
            return default;
        }

        var manifest = CodeManifest.Of(files);
        if (_sets.Count >= SetsMax)
        {
            // Whoever has a job under way that needs one of these asks for it again after a new look-up; more than a handful of sets is a rare program.
            _sets.Clear();
            _ofModule.Clear();
            _ofModules.Clear();
        }

        _sets[manifest.Id] = manifest;
        _ofModules[modules] = manifest.Id;
        return manifest.Id;
    }

    private IEnumerable<CodeFile> FilesOf(ModuleId module)
    {
        var assembly = catalog.FindModule(module)
            ?? throw new CodeShippingException($"Module {module}, which a job was just written with, is not loaded any more: its load context was unloaded meanwhile.");
        if (LoadedAssembly.Of(assembly).Shipped is { } set)
        {
            return set.Files;
        }

        var closure = host.ClosureOf(assembly);
        foreach (var (hash, source) in closure.Sources)
        {
            _sources.TryAdd(hash, source);
        }

        catalog.Expect(closure.Files);
        return closure.Files;
    }
}
