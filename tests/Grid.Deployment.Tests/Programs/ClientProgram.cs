using System.Reflection;
using System.Runtime.Loader;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Grid.Deployment.Tests.Programs;

/// <summary>
/// A program of a user: compiled by the test, in a folder of its own with its libraries beside it, and loaded from there. No worker has seen it.
/// </summary>
internal sealed class ClientProgram : IDisposable
{
    private static readonly string[] Libraries = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator);
    private static readonly MetadataReference[] References = [.. Libraries.Select(path => MetadataReference.CreateFromFile(path))];

    private readonly ProgramContext _context;

    private ClientProgram(string folder, string name, bool isFromMemory)
    {
        Folder = folder;
        _context = new ProgramContext(folder);
        var path = Path.Combine(folder, name + ".dll");
        Assembly = isFromMemory ? _context.LoadFromStream(new MemoryStream(File.ReadAllBytes(path))) : _context.LoadFromAssemblyPath(path);
    }

    public string Folder { get; }

    public Assembly Assembly { get; }

    public byte[] Image => File.ReadAllBytes(Path.Combine(Folder, Assembly.GetName().Name + ".dll"));

    /// <summary>Compiles an assembly into a folder.</summary>
    public static void Compile(string folder, string name, string source, params string[] libraries)
    {
        Directory.CreateDirectory(folder);
        var compilation = CSharpCompilation.Create(
            name,
            [CSharpSyntaxTree.ParseText("using System; using System.Linq; using System.Threading.Tasks; using System.Collections.Generic; using Grid;\n" + source)],
            [.. References, .. libraries.Select(library => MetadataReference.CreateFromFile(Path.Combine(folder, library + ".dll")))],
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, optimizationLevel: OptimizationLevel.Release));
        var result = compilation.Emit(Path.Combine(folder, name + ".dll"));
        Assert.True(result.Success, string.Join('\n', result.Diagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error)));
    }

    /// <summary>Copies a library of the test project beside a program; of one that differs by platform, this platform's.</summary>
    public static void CopyLibrary(string folder, string name)
    {
        Directory.CreateDirectory(folder);
        File.Copy(Libraries.First(path => Path.GetFileNameWithoutExtension(path) == name), Path.Combine(folder, name + ".dll"));
    }

    /// <summary>Loads a program from the folder that it was compiled into.</summary>
    public static ClientProgram Load(string folder, string name) => new(folder, name, isFromMemory: false);

    /// <summary>Loads it so that the platform does not know where it came from.</summary>
    public static ClientProgram LoadFromMemory(string folder, string name) => new(folder, name, isFromMemory: true);

    /// <summary>Compiles and loads a program that is one assembly.</summary>
    public static ClientProgram Make(TestFolder parent, string source, string name = "Client")
    {
        var folder = parent.New();
        Compile(folder, name, source);
        return Load(folder, name);
    }

    /// <summary>Calls <c>Program.Run(grid, argument)</c>.</summary>
    public async Task<string> RunAsync(IGrid grid, int argument = 0)
    {
        var run = Assembly.GetType("Program")!.GetMethod("Run")!.CreateDelegate<Func<IGrid, int, Task<string>>>();
        return await run(grid, argument).WaitAsync(TimeSpan.FromSeconds(60));
    }

    public void Dispose() => _context.Unload();

    private sealed class ProgramContext(string folder) : AssemblyLoadContext("client program", isCollectible: true)
    {
        protected override Assembly? Load(AssemblyName assemblyName)
        {
            var path = Path.Combine(folder, assemblyName.Name + ".dll");
            return File.Exists(path) ? LoadFromAssemblyPath(path) : null;
        }
    }
}
