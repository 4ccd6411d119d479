using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Grid.Architecture.Tests.Model;

/// <summary>
/// What other people's code can bind to: every public and protected member of an assembly, one line each, sorted by type and name, the same on every machine.
/// Members that the compiler adds to records are left out; they follow from the declaration.
/// </summary>
internal static class PublicSurface
{
    private static readonly SymbolDisplayFormat Format = new(
        SymbolDisplayGlobalNamespaceStyle.Omitted,
        SymbolDisplayTypeQualificationStyle.NameAndContainingTypesAndNamespaces,
        SymbolDisplayGenericsOptions.IncludeTypeParameters | SymbolDisplayGenericsOptions.IncludeVariance | SymbolDisplayGenericsOptions.IncludeTypeConstraints,
        SymbolDisplayMemberOptions.IncludeType | SymbolDisplayMemberOptions.IncludeModifiers | SymbolDisplayMemberOptions.IncludeAccessibility
            | SymbolDisplayMemberOptions.IncludeParameters | SymbolDisplayMemberOptions.IncludeContainingType | SymbolDisplayMemberOptions.IncludeConstantValue
            | SymbolDisplayMemberOptions.IncludeRef,
        SymbolDisplayDelegateStyle.NameAndSignature,
        SymbolDisplayExtensionMethodStyle.StaticMethod,
        SymbolDisplayParameterOptions.IncludeType | SymbolDisplayParameterOptions.IncludeName | SymbolDisplayParameterOptions.IncludeDefaultValue
            | SymbolDisplayParameterOptions.IncludeParamsRefOut | SymbolDisplayParameterOptions.IncludeExtensionThis,
        SymbolDisplayPropertyStyle.ShowReadWriteDescriptor,
        SymbolDisplayLocalOptions.None,
        SymbolDisplayKindOptions.IncludeTypeKeyword,
        SymbolDisplayMiscellaneousOptions.UseSpecialTypes | SymbolDisplayMiscellaneousOptions.IncludeNullableReferenceTypeModifier);

    private static readonly SymbolDisplayFormat ParentFormat = Format.WithKindOptions(SymbolDisplayKindOptions.None);

    public static string Render(MetadataReference image)
    {
        var compilation = CSharpCompilation.Create("reader", references: [.. PlatformReferences.All, image]);
        var assembly = (IAssemblySymbol)compilation.GetAssemblyOrModuleSymbol(image)!;
        var types = TypesOf(assembly.GlobalNamespace).Where(IsVisible).OrderBy(type => type.ToDisplayString(ParentFormat), StringComparer.Ordinal);
        return string.Concat(types.SelectMany(LinesOf).Select(line => line + "\n"));
    }

    private static IEnumerable<INamedTypeSymbol> TypesOf(INamespaceOrTypeSymbol outer) => outer.GetMembers().SelectMany(member => member switch
    {
        INamespaceSymbol inner => TypesOf(inner),
        INamedTypeSymbol type => TypesOf(type).Prepend(type),
        _ => [],
    });

    private static IEnumerable<string> LinesOf(INamedTypeSymbol type) => type.GetMembers()
        .Where(member => member is not INamedTypeSymbol && IsVisible(member) && !IsAccessor(member) && !IsGenerated(member))
        .Select(member => (member.Name, Line: member.ToDisplayString(Format)))
        .OrderBy(member => member.Name, StringComparer.Ordinal)
        .ThenBy(member => member.Line, StringComparer.Ordinal)
        .Select(member => member.Line)
        .Prepend(Header(type));

    private static string Header(INamedTypeSymbol type)
    {
        var modifiers = (type.IsStatic ? "static " : "")
            + (type is { IsAbstract: true, IsStatic: false, TypeKind: TypeKind.Class } ? "abstract " : "")
            + (type is { IsSealed: true, IsStatic: false, TypeKind: TypeKind.Class } ? "sealed " : "")
            + (type is { IsReadOnly: true, TypeKind: TypeKind.Struct } ? "readonly " : "");
        var parents = type.TypeKind is TypeKind.Enum or TypeKind.Delegate
            ? []
            : type.Interfaces.Select(parent => parent.ToDisplayString(ParentFormat)).Order(StringComparer.Ordinal).ToList();
        if (type.BaseType is { SpecialType: SpecialType.None } parentClass)
        {
            parents.Insert(0, parentClass.ToDisplayString(ParentFormat));
        }

        return type.ToDisplayString(Format) + (parents.Count > 0 ? " : " + string.Join(", ", parents) : "") + (modifiers.Length > 0 ? $" [{modifiers.TrimEnd()}]" : "");
    }

    private static bool IsVisible(ISymbol symbol) =>
        symbol.DeclaredAccessibility is Accessibility.Public or Accessibility.Protected or Accessibility.ProtectedOrInternal
        && (symbol.ContainingType is null || IsVisible(symbol.ContainingType));

    private static bool IsAccessor(ISymbol member) => member is IMethodSymbol { AssociatedSymbol: not null };

    private static bool IsGenerated(ISymbol member) => member.IsImplicitlyDeclared
        || (member is not IPropertySymbol && member.GetAttributes().Any(attribute => attribute.AttributeClass?.Name == "CompilerGeneratedAttribute"));
}
