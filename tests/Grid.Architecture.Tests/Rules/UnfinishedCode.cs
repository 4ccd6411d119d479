using System.Text.RegularExpressions;
using Grid.Architecture.Tests.Model;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Grid.Architecture.Tests.Rules;

/// <summary>No stub, no note of work left without its issue, no region, no exception swallowed without a word.</summary>
internal sealed partial class UnfinishedCode : IRule
{
    public string Name => nameof(UnfinishedCode);

    public IEnumerable<Violation> Check(Repository repository) => repository.CSharp.SelectMany(file =>
        Stubs(file).Concat(Notes(file)).Concat(Regions(file)).Concat(SwallowedExceptions(file)));

    private static IEnumerable<Violation> Stubs(RepositoryFile file) =>
        from created in file.Syntax.DescendantNodes().OfType<ObjectCreationExpressionSyntax>()
        where created.Type.ToString().EndsWith("NotImplementedException", StringComparison.Ordinal)
        select new Violation(file.At(created), file.Path, "is a stub: what is not built is absent. Remove the member or build it.");

    private static IEnumerable<Violation> Notes(RepositoryFile file) =>
        from trivia in file.Syntax.DescendantTrivia()
        where trivia.IsKind(SyntaxKind.SingleLineCommentTrivia) || trivia.IsKind(SyntaxKind.MultiLineCommentTrivia)
        let text = trivia.ToString()
        where Note().IsMatch(text) && !Issue().IsMatch(text)
        select new Violation(
            $"{file.Path}:{trivia.GetLocation().GetLineSpan().StartLinePosition.Line + 1}", file.Path, $"notes work without an issue number: '{text.Trim()}'. Do it, or name the issue (#12).");

    private static IEnumerable<Violation> Regions(RepositoryFile file) =>
        from region in file.Syntax.DescendantNodes(descendIntoTrivia: true).OfType<RegionDirectiveTriviaSyntax>()
        select new Violation(file.At(region), file.Path, "opens a region: split the type instead.");

    private static IEnumerable<Violation> SwallowedExceptions(RepositoryFile file) =>
        from handler in file.Syntax.DescendantNodes().OfType<CatchClauseSyntax>()
        where handler.Block.Statements.Count == 0
        where !handler.Block.DescendantTrivia().Any(trivia => trivia.IsKind(SyntaxKind.SingleLineCommentTrivia))
        select new Violation(file.At(handler), file.Path, "swallows an exception: handle it, or say in a comment inside the block why nothing is to be done.");

    [GeneratedRegex(@"\b(TODO|FIXME|HACK|XXX)\b")]
    private static partial Regex Note();

    [GeneratedRegex(@"#\d+")]
    private static partial Regex Issue();
}
