using Grid.Architecture.Tests.Model;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Grid.Architecture.Tests.Rules;

/// <summary>
/// Using lines follow the arrow table, also where a type would be reachable through another reference; and the namespaces that a
/// layer bans (sockets and containers in the kernel) are not named.
/// </summary>
internal sealed class NamespaceArrows : IRule
{
    public string Name => nameof(NamespaceArrows);

    public IEnumerable<Violation> Check(Repository repository)
    {
        var owners = OwnersOfNamespaces(repository);
        return from file in repository.CSharp
               let project = repository.ProjectOf(file)
               where project is not null
               let layer = Layers.Of(project.Id)
               where layer is not null
               from line in UsingLines(file)
               let problem = Problem(project, layer, line.Name, owners[line.Name])
               where problem is not null
               select new Violation(line.At, $"{file.Path}#{line.Name}", problem);
    }

    private static ILookup<string, string> OwnersOfNamespaces(Repository repository) => (
        from file in repository.CSharp
        let project = repository.ProjectOf(file)
        where project is not null
        from declared in file.Syntax.DescendantNodes().OfType<BaseNamespaceDeclarationSyntax>()
        select (Namespace: declared.Name.ToString(), project.Id)).Distinct().ToLookup(pair => pair.Namespace, pair => pair.Id, StringComparer.Ordinal);

    private static IEnumerable<(string At, string Name)> UsingLines(RepositoryFile file) =>
        from line in file.Syntax.DescendantNodes().OfType<UsingDirectiveSyntax>()
        from name in NamesOf(line)
        select (file.At(line), name);

    /// <summary>A using of a type (static or alias) names its namespace, too.</summary>
    private static IEnumerable<string> NamesOf(UsingDirectiveSyntax line)
    {
        var name = line.NamespaceOrType.ToString().Replace("global::", "", StringComparison.Ordinal);
        yield return name;
        if (name.LastIndexOf('.') is > 0 and var dot)
        {
            yield return name[..dot];
        }
    }

    private static string? Problem(ProjectFile project, Layer layer, string name, IEnumerable<string> owners)
    {
        if (layer.Bans(name))
        {
            return $"{project.Id} names {name}, which its layer keeps out. Move that code behind an SPI or into Grid.Hosting.";
        }

        var known = owners.ToList();
        return known.Count == 0 || known.Contains(project.Id) || known.Exists(layer.Allows)
            ? null
            : $"{project.Id} uses {name} of {string.Join(", ", known)}, against the arrow table in src/README.md. Use the contracts, or move the code.";
    }
}
