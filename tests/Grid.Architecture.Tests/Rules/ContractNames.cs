using Grid.Architecture.Tests.Model;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Grid.Architecture.Tests.Rules;

/// <summary>
/// A contract names no implementation: no identifier declared in Grid.Abstractions contains the name of a provider or
/// client library that exists under spi/ (ZooKeeper, Tcp, InMemory; found, not listed).
/// </summary>
internal sealed class ContractNames : IRule
{
    public string Name => nameof(ContractNames);

    public IEnumerable<Violation> Check(Repository repository)
    {
        var implementations = repository.Projects
            .Where(project => project.Id.StartsWith("spi/", StringComparison.Ordinal))
            .Select(project => project.Name.Split('.'))
            .Select(parts => parts[^1])
            .Where(name => !Layers.IsCapability(name))
            .ToHashSet(StringComparer.Ordinal);
        return from file in repository.CSharp
               where file.Path.StartsWith("src/Grid.Abstractions/", StringComparison.Ordinal)
               from declared in Declared(file)
               from implementation in implementations
               where declared.Identifier.Contains(implementation, StringComparison.Ordinal)
               select new Violation(
                   file.At(declared.Node),
                   $"{file.Path}#{declared.Identifier}",
                   $"the contract declares {declared.Identifier}, which names the implementation {implementation}. Say what it is for, not who does it.");
    }

    private static IEnumerable<(SyntaxNode Node, string Identifier)> Declared(RepositoryFile file) =>
        from node in file.Syntax.DescendantNodes()
        let identifier = node switch
        {
            BaseTypeDeclarationSyntax type => type.Identifier.ValueText,
            MethodDeclarationSyntax method => method.Identifier.ValueText,
            PropertyDeclarationSyntax property => property.Identifier.ValueText,
            EnumMemberDeclarationSyntax member => member.Identifier.ValueText,
            ParameterSyntax parameter => parameter.Identifier.ValueText,
            _ => null,
        }
        where identifier is not null
        select (node, identifier);
}
