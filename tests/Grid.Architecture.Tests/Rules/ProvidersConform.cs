using Grid.Architecture.Tests.Model;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Grid.Architecture.Tests.Rules;

/// <summary>
/// Each provider (<c>spi/Grid.Contract.Name</c>) whose contract has a conformance suite in Grid.Testing is put through it: a test
/// project that references the provider derives a class from <c>ContractConformance</c>.
/// </summary>
internal sealed class ProvidersConform : IRule
{
    public string Name => nameof(ProvidersConform);

    public IEnumerable<Violation> Check(Repository repository)
    {
        var suites = repository.CSharp.Where(file => file.Path.StartsWith("tests/Grid.Testing/", StringComparison.Ordinal)).SelectMany(Classes)
            .Select(type => type.Identifier.ValueText).ToHashSet(StringComparer.Ordinal);
        return from project in repository.Projects
               where project.Id.StartsWith("spi/", StringComparison.Ordinal)
               let parts = project.Name.Split('.')
               where parts.Length > 2
               let suite = parts[1] + "Conformance"
               where suites.Contains(suite) && !IsDerivedFor(repository, project, suite)
               select new Violation(project.File.Path, project.Id, $"{project.Name} is not put through {suite}: derive a test class from it in a test project that references the provider.");
    }

    private static bool IsDerivedFor(Repository repository, ProjectFile provider, string suite) => (
        from tests in repository.Projects
        where tests.References.Any(link => link.Id == provider.Id)
        from file in repository.CSharp
        where file.Path.StartsWith(tests.Directory + "/", StringComparison.Ordinal)
        from type in Classes(file)
        where type.BaseList?.Types.Any(parent => BareName(parent.Type) == suite) == true && !type.Modifiers.ToString().Contains("abstract", StringComparison.Ordinal)
        where file.Text.Contains(provider.Name, StringComparison.Ordinal) || type.Identifier.ValueText.Contains(provider.Name.Split('.')[^1], StringComparison.Ordinal)
        select type).Any();

    private static IEnumerable<ClassDeclarationSyntax> Classes(RepositoryFile file) => file.Syntax.DescendantNodes().OfType<ClassDeclarationSyntax>();

    private static string BareName(TypeSyntax type) => type is GenericNameSyntax generic ? generic.Identifier.ValueText : type.ToString();
}
