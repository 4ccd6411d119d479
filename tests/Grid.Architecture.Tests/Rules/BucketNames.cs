using System.Text.RegularExpressions;
using Grid.Architecture.Tests.Model;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Grid.Architecture.Tests.Rules;

/// <summary>No type, folder, project or namespace is named after a bucket: a name says what the thing is for.</summary>
internal sealed partial class BucketNames : IRule
{
    private static readonly HashSet<string> Buckets = new(StringComparer.OrdinalIgnoreCase)
    {
        "Helper", "Helpers", "Util", "Utils", "Utility", "Utilities", "Manager", "Managers", "Common", "Base", "Impl", "Misc",
    };

    public string Name => nameof(BucketNames);

    public IEnumerable<Violation> Check(Repository repository) =>
        repository.CSharp.SelectMany(Names).Where(named => Words().Matches(named.Name).Any(word => Buckets.Contains(word.Value)))
            .DistinctBy(named => (named.Subject, named.Name))
            .Select(named => new Violation(named.At, named.Subject, $"{named.Name} is named after a bucket: say what it is for."));

    private static IEnumerable<(string At, string Subject, string Name)> Names(RepositoryFile file)
    {
        var folders = file.Path.Split('/').SkipLast(1).SelectMany(folder => folder.Split('.')).Select(folder => (file.Path, file.Path, folder));
        var types = file.Syntax.DescendantNodes().OfType<BaseTypeDeclarationSyntax>()
            .Select(type => (file.At(type), $"{file.Path}#{type.Identifier.ValueText}", type.Identifier.ValueText));
        var namespaces = file.Syntax.DescendantNodes().OfType<BaseNamespaceDeclarationSyntax>()
            .SelectMany(declared => declared.Name.ToString().Split('.'), (declared, part) => (file.At(declared), file.Path, part));
        return folders.Concat(types).Concat(namespaces);
    }

    [GeneratedRegex("[A-Z]+(?![a-z])[0-9]*|[A-Z]?[a-z]+[0-9]*")]
    private static partial Regex Words();
}
