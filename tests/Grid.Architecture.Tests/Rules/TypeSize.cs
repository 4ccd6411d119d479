using Grid.Architecture.Tests.Model;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Grid.Architecture.Tests.Rules;

/// <summary>No type over 400 lines, its partial declarations counted together, and no file over 400 lines.</summary>
internal sealed class TypeSize : IRule
{
    private const int LinesMax = 400;

    public string Name => nameof(TypeSize);

    public IEnumerable<Violation> Check(Repository repository) =>
        repository.CSharp.Where(IsTooLong).Select(TooLong).Concat(LargeTypes(repository));

    private static bool IsTooLong(RepositoryFile file) => LinesOf(file) > LinesMax;

    private static int LinesOf(RepositoryFile file) => file.Text.AsSpan().Count('\n');

    private static Violation TooLong(RepositoryFile file) =>
        new(file.Path, file.Path, $"has {LinesOf(file)} lines; the limit is {LinesMax}. Split it by responsibility.");

    private static IEnumerable<Violation> LargeTypes(Repository repository) =>
        from part in PartsOf(repository)
        group part by (part.Project, part.Type) into type
        let lines = type.Sum(part => part.Lines)
        let parts = type.Count()
        where lines > LinesMax
        select new Violation(
            type.First().At,
            type.Key.Type,
            $"{type.Key.Type} has {lines} lines in {parts} {(parts == 1 ? "declaration" : "partial declarations")}; the limit is {LinesMax} for all of them. Find the second responsibility and give it a type.");

    private static IEnumerable<(string Project, string Type, string At, int Lines)> PartsOf(Repository repository) =>
        from file in repository.CSharp
        from type in file.Syntax.DescendantNodes().OfType<TypeDeclarationSyntax>()
        where type.Parent is not TypeDeclarationSyntax
        select (repository.ProjectOf(file)?.Id ?? file.Area, FullName(type), file.At(type), RepositoryFile.LinesOf(type));

    private static string FullName(TypeDeclarationSyntax type)
    {
        var outer = type.FirstAncestorOrSelf<BaseNamespaceDeclarationSyntax>()?.Name.ToString();
        var arity = type.TypeParameterList?.Parameters.Count is > 0 and var count ? $"`{count}" : "";
        return $"{(outer is null ? "" : outer + ".")}{type.Identifier.ValueText}{arity}";
    }
}
