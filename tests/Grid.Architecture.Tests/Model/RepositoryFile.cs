using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Grid.Architecture.Tests.Model;

/// <summary>One text file of the repository, or of a sample that stands for one.</summary>
/// <param name="path">Relative to the root, with forward slashes.</param>
/// <param name="text">The content.</param>
internal sealed class RepositoryFile(string path, string text)
{
    private readonly Lazy<CompilationUnitSyntax> _syntax = new(() => CSharpSyntaxTree.ParseText(text, path: path).GetCompilationUnitRoot());

    public string Path { get; } = path;

    public string Text { get; } = text;

    public CompilationUnitSyntax Syntax => _syntax.Value;

    public bool IsCSharp => Path.EndsWith(".cs", StringComparison.Ordinal);

    /// <summary>The top folder: src, spi, tests, samples; empty at the root.</summary>
    public string Area => Path.Contains('/') ? Path[..Path.IndexOf('/')] : "";

    public bool IsShipped => Area is "src" or "spi";

    /// <summary>Where a node begins, as <c>path:line</c>.</summary>
    public string At(SyntaxNode node) => $"{Path}:{node.GetLocation().GetLineSpan().StartLinePosition.Line + 1}";

    /// <summary>How many lines a node spans, its documentation comment left out.</summary>
    public static int LinesOf(SyntaxNode node)
    {
        var span = node.GetLocation().GetLineSpan();
        return span.EndLinePosition.Line - span.StartLinePosition.Line + 1;
    }
}
