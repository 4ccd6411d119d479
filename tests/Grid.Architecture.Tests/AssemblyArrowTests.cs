using Grid.Architecture.Tests.Model;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Grid.Architecture.Tests;

public sealed class AssemblyArrowTests
{
    public static TheoryData<string> ShippedProjects =>
        [.. Repository.Current.Projects.Where(project => project.File.IsShipped).Select(project => project.Id)];

    [Theory]
    [MemberData(nameof(ShippedProjects))]
    public void A_built_assembly_depends_only_on_what_its_layer_allows(string project)
    {
        var name = Repository.Current.Projects.Single(candidate => candidate.Id == project).AssemblyName;
        var assembly = BuiltAssembly.Read(Path.Combine(AppContext.BaseDirectory, name + ".dll"));

        Assert.Equal([], AssemblyArrows.Check(project, assembly, IdOf));
    }

    [Fact]
    public void A_reference_that_the_layer_forbids_is_found_in_the_assembly()
    {
        var kernel = Compile("Sample.Kernel", "namespace Sample.Kernel; public class A;");
        var sample = Compile("S", "class B { object Make() => new Sample.Kernel.A(); }", kernel);

        var found = AssemblyArrows.Check("samples/S", BuiltAssembly.Read(new MemoryStream(sample)), name => name == "Sample.Kernel" ? "src/Grid.Kernel" : null);

        Assert.Contains("samples/S is compiled against src/Grid.Kernel", Assert.Single(found), StringComparison.Ordinal);
    }

    [Fact]
    public void A_socket_in_the_kernel_is_found_in_the_assembly()
    {
        var kernel = Compile("Sample.Kernel", "class A { object M(object o) => (System.Net.Sockets.Socket)o; }");

        var found = AssemblyArrows.Check("src/Grid.Kernel", BuiltAssembly.Read(new MemoryStream(kernel)), _ => null);

        Assert.Contains("names System.Net.Sockets.Socket", Assert.Single(found), StringComparison.Ordinal);
    }

    private static string? IdOf(string assembly) => Repository.Current.Projects.FirstOrDefault(project => project.AssemblyName == assembly)?.Id;

    private static byte[] Compile(string name, string code, params byte[][] references)
    {
        using var image = new MemoryStream();
        var result = CSharpCompilation.Create(
            name,
            [CSharpSyntaxTree.ParseText(code)],
            [.. PlatformReferences.All, .. references.Select(reference => MetadataReference.CreateFromImage(reference))],
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary)).Emit(image);
        Assert.True(result.Success, string.Join('\n', result.Diagnostics));
        return image.ToArray();
    }
}
