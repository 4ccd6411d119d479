using System.Reflection;
using System.Reflection.Emit;
using Grid.Deployment.Tests.Programs;
using Grid.Kernel.Deployment.Code;
using Grid.Kernel.Deployment.Origin;

namespace Grid.Deployment.Tests.Origin;

public sealed class ReferenceWalkTests : IDisposable
{
    private static readonly HostCode Host = HostCode.With([]);
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_closure_has_direct_and_transitive_libraries_and_nothing_of_the_platform_or_of_grid()
    {
        using var program = Program();

        Assert.Equal(["Client.dll", "Far.dll", "Near.dll"], Assemblies(Host.ClosureOf(program.Assembly)));
    }

    [Fact]
    public void What_is_declared_shared_stays_at_home_with_what_only_it_needs()
    {
        using var program = Program();

        Assert.Equal(["Client.dll"], Assemblies(HostCode.With(["Near"]).ClosureOf(program.Assembly)));
    }

    [Fact]
    public void Texts_in_other_languages_go_along_with_their_culture()
    {
        using var program = Program();
        var folder = Path.Combine(program.Folder, "de");
        var name = new AssemblyName("Near.resources") { CultureName = "de", Version = new Version(1, 0) };
        var satellite = new PersistedAssemblyBuilder(name, typeof(object).Assembly);
        satellite.DefineDynamicModule("Near.resources");
        Directory.CreateDirectory(folder);
        satellite.Save(Path.Combine(folder, "Near.resources.dll"));

        var file = Assert.Single(Host.ClosureOf(program.Assembly).Files, file => file.Kind == CodeFileKind.Satellite);

        Assert.Equal(("de/Near.resources.dll", "de"), (file.Path, file.Qualifier));
    }

    [Fact]
    public void Native_libraries_go_along_when_something_calls_native_code()
    {
        using var managed = Program();
        using var native = Program("public static class Native { [System.Runtime.InteropServices.DllImport(\"fast\")] public static extern int Add(int a, int b); }");
        foreach (var program in new[] { managed, native })
        {
            var folder = Directory.CreateDirectory(Path.Combine(program.Folder, "runtimes", "linux-x64", "native")).FullName;
            File.WriteAllBytes(Path.Combine(folder, "libfast.so"), [1, 2, 3]);
        }

        Assert.DoesNotContain(Host.ClosureOf(managed.Assembly).Files, file => file.Kind == CodeFileKind.Native);
        var file = Assert.Single(Host.ClosureOf(native.Assembly).Files, file => file.Path == "runtimes/linux-x64/native/libfast.so");
        Assert.Equal(("linux-x64", 3), (file.Qualifier, file.Bytes));
    }

    [Fact]
    public void An_assembly_made_in_memory_is_refused_with_what_to_do()
    {
        var made = AssemblyBuilder.DefineDynamicAssembly(new AssemblyName("Made"), AssemblyBuilderAccess.RunAndCollect);

        var refusal = Assert.Throws<CodeShippingException>(() => LoadedAssembly.Of(made));

        Assert.Contains("ShippedCode.Register", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_program_that_was_rebuilt_while_it_runs_is_refused_with_both_builds()
    {
        using var program = Program();
        var path = Path.Combine(program.Folder, "Client.dll");
        File.Delete(path);
        ClientProgram.Compile(program.Folder, "Client", "public static class Program { public static int Other() => 1; }");

        var refusal = Assert.Throws<CodeShippingException>(() => LoadedAssembly.Of(program.Assembly));

        Assert.Contains("rebuilt", refusal.Message, StringComparison.Ordinal);
        Assert.Contains(program.Assembly.ManifestModule.ModuleVersionId.ToString("N"), refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_single_file_gives_its_files_packed_or_not()
    {
        var path = Path.Combine(_folder.New(), "app");
        SingleFile.Write(path, ("Client.dll", [1, 2, 3], false), ("de/Client.resources.dll", [.. Enumerable.Repeat((byte)7, 5000)], true));

        var bundle = AppBundle.TryOpen(path)!;

        Assert.Equal([1, 2, 3], bundle.Find("Client.dll")!.Read());
        Assert.Equal(Enumerable.Repeat((byte)7, 5000), bundle.Find("de/Client.resources.dll")!.Read());
        Assert.Null(bundle.Find("Other.dll"));
        Assert.Null(AppBundle.TryOpen(typeof(AppBundle).Assembly.Location));
    }

    private static IEnumerable<string> Assemblies(CodeClosure closure) =>
        closure.Files.Where(file => file.Kind == CodeFileKind.Assembly).Select(file => file.Path).Order(StringComparer.Ordinal);

    /// <summary>Client refers to Near and to Grid, Near to Far.</summary>
    private ClientProgram Program(string more = "")
    {
        var folder = _folder.New();
        ClientProgram.Compile(folder, "Far", "public static class Far { public static int One() => 1; }");
        ClientProgram.Compile(folder, "Near", "public static class Near { public static int Two() => Far.One() * 2; }", "Far");
        ClientProgram.Compile(folder, "Client", "public static class Program { public static Task<int> Run(IGrid grid) => grid.CallAsync(() => Near.Two()); }" + more, "Near");
        return ClientProgram.Load(folder, "Client");
    }
}
