using Grid.Architecture.Tests.Model;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Grid.Architecture.Tests.Rules;

/// <summary>
/// A body of at most 40 lines between its braces, statements nested at most 3 deep, at most 5 parameters (6 for constructors).
/// A nested function counts into the length of the one around it and starts a nesting of its own. Free in their number
/// of parameters: positional records (they are data), log methods (each is a property), overrides and imports (not their choice).
/// </summary>
internal sealed class MethodShape : IRule
{
    private const int LinesMax = 40;
    private const int NestingMax = 3;
    private const int ParametersMax = 5;
    private const int ConstructorParametersMax = 6;

    public string Name => nameof(MethodShape);

    public IEnumerable<Violation> Check(Repository repository) =>
        from file in repository.CSharp
        from node in file.Syntax.DescendantNodes()
        from problem in Problems(node)
        select new Violation(file.At(node), $"{file.Path}#{NameOf(node)}", $"{NameOf(node)} {problem}");

    private static IEnumerable<string> Problems(SyntaxNode node)
    {
        if (BodyOf(node) is { } body)
        {
            if (LinesBetweenBraces(body) is > LinesMax and var lines && node is not AnonymousFunctionExpressionSyntax)
            {
                yield return $"has {lines} lines; the limit is {LinesMax}. Extract the pure parts.";
            }

            if (Nesting(body) is > NestingMax and var depth)
            {
                yield return $"nests {depth} deep; the limit is {NestingMax}. Return early, or extract the inner part.";
            }
        }

        var limit = node is MethodDeclarationSyntax or LocalFunctionStatementSyntax ? ParametersMax : ConstructorParametersMax;
        if (ParametersOf(node) is { } parameters && parameters > limit)
        {
            yield return $"has {parameters} parameters; the limit is {limit}. Group what belongs together into a record.";
        }
    }

    private static SyntaxNode? BodyOf(SyntaxNode node) => node switch
    {
        BaseMethodDeclarationSyntax method => (SyntaxNode?)method.Body ?? method.ExpressionBody,
        AccessorDeclarationSyntax accessor => (SyntaxNode?)accessor.Body ?? accessor.ExpressionBody,
        LocalFunctionStatementSyntax local => (SyntaxNode?)local.Body ?? local.ExpressionBody,
        AnonymousFunctionExpressionSyntax lambda => lambda.Body,
        PropertyDeclarationSyntax { ExpressionBody: { } expression } => expression,
        _ => null,
    };

    private static int LinesBetweenBraces(SyntaxNode body) =>
        body is BlockSyntax ? RepositoryFile.LinesOf(body) - 2 : RepositoryFile.LinesOf(body);

    private static int Nesting(SyntaxNode node) => node.ChildNodes()
        .Where(child => child is not (AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax))
        .Select(child => Nesting(child) + (Nests(child) ? 1 : 0))
        .DefaultIfEmpty(0)
        .Max();

    /// <summary>An <c>else if</c> and a <c>using</c> right on another one go on with a level instead of opening one.</summary>
    private static bool Nests(SyntaxNode node) => node switch
    {
        IfStatementSyntax => node.Parent is not ElseClauseSyntax,
        UsingStatementSyntax => node.Parent is not UsingStatementSyntax,
        FixedStatementSyntax => node.Parent is not FixedStatementSyntax,
        CommonForEachStatementSyntax or ForStatementSyntax or WhileStatementSyntax or DoStatementSyntax => true,
        SwitchStatementSyntax or TryStatementSyntax or LockStatementSyntax => true,
        _ => false,
    };

    private static int? ParametersOf(SyntaxNode node) => node switch
    {
        MethodDeclarationSyntax method when IsFree(method) => null,
        BaseMethodDeclarationSyntax method => method.ParameterList.Parameters.Count,
        LocalFunctionStatementSyntax local => local.ParameterList.Parameters.Count,
        RecordDeclarationSyntax => null,
        TypeDeclarationSyntax type => type.ParameterList?.Parameters.Count,
        _ => null,
    };

    private static bool IsFree(MethodDeclarationSyntax method) =>
        method.Modifiers.Any(SyntaxKind.OverrideKeyword)
        || method.Modifiers.Any(SyntaxKind.ExternKeyword)
        || method.AttributeLists.SelectMany(list => list.Attributes).Any(attribute => attribute.Name.ToString() is "LoggerMessage" or "LibraryImport");

    private static string NameOf(SyntaxNode node) => node switch
    {
        MethodDeclarationSyntax method => method.Identifier.ValueText,
        LocalFunctionStatementSyntax local => local.Identifier.ValueText,
        PropertyDeclarationSyntax property => property.Identifier.ValueText,
        BaseTypeDeclarationSyntax type => type.Identifier.ValueText,
        ConstructorDeclarationSyntax constructor => constructor.Identifier.ValueText + " constructor",
        AnonymousFunctionExpressionSyntax when node.FirstAncestorOrSelf<MemberDeclarationSyntax>() is { } member => $"a lambda in {NameOf(member)}",
        AccessorDeclarationSyntax when node.FirstAncestorOrSelf<MemberDeclarationSyntax>() is { } member => NameOf(member),
        _ => node.Kind().ToString(),
    };
}
