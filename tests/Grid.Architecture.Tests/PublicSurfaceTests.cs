using Grid.Architecture.Tests.Model;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Grid.Architecture.Tests;

/// <summary>
/// The public API of each shipping library against the text that was reviewed (folder Approved). A change is accepted, in the commit that
/// makes it, by running these tests once with ACCEPT=1.
/// </summary>
public sealed class PublicSurfaceTests
{
    private const string Accept = "ACCEPT=1 dotnet test tests/Grid.Architecture.Tests --filter PublicSurface";

    private static string Approved { get; } = Path.Combine(Repository.Root, "tests", "Grid.Architecture.Tests", "Approved");

    public static TheoryData<string> ShippedLibraries => [.. Libraries()];

    [Theory]
    [MemberData(nameof(ShippedLibraries))]
    public void The_public_surface_is_the_approved_one(string library)
    {
        var actual = PublicSurface.Render(MetadataReference.CreateFromFile(Path.Combine(AppContext.BaseDirectory, library + ".dll")));
        var approvedFile = Path.Combine(Approved, library + ".txt");
        if (Environment.GetEnvironmentVariable("ACCEPT") == "1")
        {
            File.WriteAllText(approvedFile, actual);
        }

        var approved = File.Exists(approvedFile) ? File.ReadAllText(approvedFile) : "";

        Assert.True(approved == actual, $"The public API of {library} changed:\n{Difference(approved, actual)}If that is meant, review the lines and accept them in the same commit:\n  {Accept}\n");
    }

    [Fact]
    public void Every_approved_file_belongs_to_a_library()
    {
        var approved = Directory.EnumerateFiles(Approved, "*.txt").Select(Path.GetFileNameWithoutExtension);

        Assert.Equal([], approved.Except(Libraries()));
    }

    [Fact]
    public void A_new_public_member_changes_the_rendered_surface()
    {
        var before = Render("namespace N; public class A { public int B() => 1; internal int C() => 1; }");
        var after = Render("namespace N; public class A { public int B() => 1; public int C() => 1; }");

        Assert.Equal("  + public int N.A.C()\n", Difference(before, after));
    }

    [Fact]
    public void Nullability_defaults_and_generic_constraints_are_part_of_the_surface()
    {
        var surface = Render("#nullable enable\nnamespace N; public sealed record A<T>(string? B) where T : notnull { public void C(int d = 3, params int[] e) { } protected private int F; }");

        Assert.Equal(
            [
                "record N.A<T> where T : notnull : System.IEquatable<N.A<T>> [sealed]",
                "public N.A<T>.A(string? B)",
                "public string? N.A<T>.B { get; init; }",
                "public void N.A<T>.C(int d = 3, params int[] e)",
            ],
            surface.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    private static IEnumerable<string> Libraries() => Repository.Current.Projects
        .Where(project => (project.File.IsShipped || project.Name == "Grid.Testing") && !project.IsProgram)
        .Select(project => project.Name)
        .Order(StringComparer.Ordinal);

    private static string Difference(string approved, string actual)
    {
        var old = approved.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var @new = actual.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return string.Concat(old.Except(@new).Select(line => $"  - {line}\n").Concat(@new.Except(old).Select(line => $"  + {line}\n")));
    }

    private static string Render(string code)
    {
        using var image = new MemoryStream();
        var result = CSharpCompilation.Create(
            "sample", [CSharpSyntaxTree.ParseText(code)], PlatformReferences.All, new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary)).Emit(image);
        Assert.True(result.Success, string.Join('\n', result.Diagnostics));
        return PublicSurface.Render(MetadataReference.CreateFromImage(image.ToArray()));
    }
}
