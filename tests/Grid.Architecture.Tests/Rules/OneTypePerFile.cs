using Grid.Architecture.Tests.Model;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Grid.Architecture.Tests.Rules;

/// <summary>
/// One top-level type per file, and the file bears its name. A closed family of records may share one: an abstract record or an
/// interface first, then records that derive from it.
/// </summary>
internal sealed class OneTypePerFile : IRule
{
    public string Name => nameof(OneTypePerFile);

    public IEnumerable<Violation> Check(Repository repository) => repository.CSharp.SelectMany(CheckFile);

    private static IEnumerable<Violation> CheckFile(RepositoryFile file)
    {
        var types = file.Syntax.DescendantNodes(node => node is CompilationUnitSyntax or BaseNamespaceDeclarationSyntax)
            .OfType<MemberDeclarationSyntax>()
            .Where(member => member is BaseTypeDeclarationSyntax or DelegateDeclarationSyntax)
            .ToList();
        if (types.Count == 0)
        {
            yield break;
        }

        var name = NameOf(types[0]);
        if (types.Count > 1 && !IsClosedFamily(types))
        {
            yield return new Violation(file.At(types[1]), file.Path, $"declares {string.Join(", ", types.Select(NameOf))}: one top-level type per file; give each its own.");
        }

        if (!IsNamedAfter(Path.GetFileNameWithoutExtension(file.Path), types[0]) && !file.Syntax.Members.OfType<GlobalStatementSyntax>().Any())
        {
            yield return new Violation(file.At(types[0]), file.Path, $"declares {name}: name the file {name}.cs.");
        }
    }

    /// <summary>A generic type may stand beside its plain namesake as <c>Name{T}.cs</c> or <c>NameOfT.cs</c>.</summary>
    private static bool IsNamedAfter(string file, MemberDeclarationSyntax type)
    {
        var name = NameOf(type);
        var isGeneric = type is TypeDeclarationSyntax { TypeParameterList: not null } or DelegateDeclarationSyntax { TypeParameterList: not null };
        return file == name || (isGeneric && (file == name + "OfT" || file.StartsWith(name + "{", StringComparison.Ordinal)));
    }

    private static bool IsClosedFamily(List<MemberDeclarationSyntax> types)
    {
        var family = NameOf(types[0]);
        var isRoot = types[0] is InterfaceDeclarationSyntax || (types[0] is RecordDeclarationSyntax && types[0].Modifiers.Any(modifier => modifier.IsKind(SyntaxKind.AbstractKeyword)));
        return isRoot && types.Skip(1).All(type => type is RecordDeclarationSyntax { BaseList: { } bases } && bases.Types.Any(parent => BareName(parent.Type) == family));
    }

    private static string BareName(TypeSyntax type) => type is GenericNameSyntax generic ? generic.Identifier.ValueText : type.ToString();

    private static string NameOf(MemberDeclarationSyntax type) => type is DelegateDeclarationSyntax function
        ? function.Identifier.ValueText
        : ((BaseTypeDeclarationSyntax)type).Identifier.ValueText;
}
