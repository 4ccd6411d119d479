using Grid.Architecture.Tests.Model;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Grid.Architecture.Tests.Rules;

/// <summary>Shipped code never blocks a thread on a task and starts no task that nobody can await. (Sleeps, clocks and Wait are banned by the analyzer.)</summary>
internal sealed class NoBlocking : IRule
{
    public string Name => nameof(NoBlocking);

    public IEnumerable<Violation> Check(Repository repository) => repository.CSharp.Where(file => file.IsShipped).SelectMany(file => Blocking(file).Concat(AsyncVoid(file)));

    private static IEnumerable<Violation> Blocking(RepositoryFile file) =>
        from call in file.Syntax.DescendantNodes().OfType<InvocationExpressionSyntax>()
        where call.Expression is MemberAccessExpressionSyntax { Name.Identifier.ValueText: "GetResult", Expression: InvocationExpressionSyntax inner }
            && inner.Expression is MemberAccessExpressionSyntax { Name.Identifier.ValueText: "GetAwaiter" }
        select new Violation(file.At(call), Subject(file, call), "blocks a thread on a task: await it. Where the result is certain to be there, say so in ReviewedExceptions.");

    private static IEnumerable<Violation> AsyncVoid(RepositoryFile file) =>
        from method in file.Syntax.DescendantNodes().OfType<MethodDeclarationSyntax>()
        where method.Modifiers.Any(SyntaxKind.AsyncKeyword) && method.ReturnType.ToString() == "void"
        select new Violation(file.At(method), Subject(file, method), "is async void: nobody can await it or see it fail. Return the task and store it.");

    private static string Subject(RepositoryFile file, SyntaxNode node) =>
        $"{file.Path}#{node.FirstAncestorOrSelf<MethodDeclarationSyntax>()?.Identifier.ValueText}";
}
