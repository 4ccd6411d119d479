using Grid.Architecture.Tests.Model;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Grid.Architecture.Tests.Rules;

/// <summary>
/// Inside the kernel: Lifecycle -> Administration -> Compute, ForkJoin -> Deployment -> Health -> Gossip -> Membership, one namespace per folder. A type of a higher
/// layer can be named only by a using line or a qualified name; both are checked, and global usings are not allowed there.
/// </summary>
internal sealed class KernelLayers : IRule
{
    private const string Kernel = "src/Grid.Kernel/";
    private const string KernelNamespace = "Grid.Kernel";

    private static readonly Dictionary<string, int> Ranks = new(StringComparer.Ordinal)
    {
        ["Membership"] = 0,
        ["Gossip"] = 1,
        ["Health"] = 2,
        ["Deployment"] = 3,
        ["Compute"] = 4,
        ["ForkJoin"] = 4,
        ["Administration"] = 5,
        ["Lifecycle"] = 6,
    };

    public string Name => nameof(KernelLayers);

    public IEnumerable<Violation> Check(Repository repository)
    {
        var global = repository.Projects.Where(project => project.Id == "src/Grid.Kernel").SelectMany(project => project.Usings, (project, name) =>
            new Violation(project.File.Path, name, $"a <Using> of {name} hides who uses whom in the kernel: write the using line in the files that need it."));
        return global.Concat(repository.CSharp.Where(file => file.Path.StartsWith(Kernel, StringComparison.Ordinal)).SelectMany(CheckFile));
    }

    private static IEnumerable<Violation> CheckFile(RepositoryFile file)
    {
        var folder = file.Path[Kernel.Length..].Split('/') is [var first, _, ..] ? first : "";
        if (folder.Length > 0 && !Ranks.ContainsKey(folder))
        {
            return [new Violation(file.Path, folder, $"the kernel has no capability {folder}: give it a rank in KernelLayers and a line in src/README.md.")];
        }

        return MisplacedNamespaces(file, folder).Concat(GlobalUsings(file)).Concat(UpwardNames(file, folder));
    }

    private static IEnumerable<Violation> MisplacedNamespaces(RepositoryFile file, string folder)
    {
        var expected = folder.Length == 0 ? KernelNamespace : $"{KernelNamespace}.{folder}";
        return from declared in file.Syntax.DescendantNodes().OfType<BaseNamespaceDeclarationSyntax>()
               let name = declared.Name.ToString()
               where name != expected && !name.StartsWith(expected + ".", StringComparison.Ordinal)
               select new Violation(file.At(declared), file.Path, $"declares the namespace {name} in the folder of {expected}: rename it, so that the layers inside the kernel can be checked.");
    }

    private static IEnumerable<Violation> GlobalUsings(RepositoryFile file) =>
        from line in file.Syntax.Usings
        where line.GlobalKeyword.ValueText.Length > 0
        select new Violation(file.At(line), file.Path, "a global using hides who uses whom in the kernel: write the using line in the files that need it.");

    private static IEnumerable<Violation> UpwardNames(RepositoryFile file, string folder) =>
        from name in file.Syntax.DescendantNodes().OfType<QualifiedNameSyntax>().Select(node => (Node: (Microsoft.CodeAnalysis.SyntaxNode)node, Text: node.ToString()))
            .Concat(file.Syntax.DescendantNodes().OfType<MemberAccessExpressionSyntax>().Select(node => (Node: (Microsoft.CodeAnalysis.SyntaxNode)node, Text: node.ToString())))
        let target = TargetOf(name.Text, name.Node is QualifiedNameSyntax)
        where target is not null && target != folder && !IsBelow(target, folder)
        where name.Node.Parent is not BaseNamespaceDeclarationSyntax
        group name by (target, Line: file.At(name.Node)) into breach
        select new Violation(
            breach.Key.Line,
            $"{file.Path}#{breach.Key.target}",
            $"{(folder.Length == 0 ? "the kernel's root" : folder)} names {breach.Key.target}, which is not below it. Pass a value or a callback down instead.");

    private static bool IsBelow(string target, string folder) => folder.Length > 0 && Ranks[target] < Ranks[folder];

    /// <summary>The capability that a name leads into: <c>Grid.Kernel.Compute.X</c>, <c>Kernel.Compute.X</c> or, for a type, <c>Compute.X</c>.</summary>
    private static string? TargetOf(string name, bool isTypeName)
    {
        var parts = name.Replace("global::", "", StringComparison.Ordinal).Split('.');
        return parts switch
        {
            ["Grid", "Kernel", var target, ..] when Ranks.ContainsKey(target) => target,
            ["Kernel", var target, ..] when Ranks.ContainsKey(target) => target,
            [var target, _, ..] when isTypeName && Ranks.ContainsKey(target) => target,
            _ => null,
        };
    }
}
