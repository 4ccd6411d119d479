namespace Grid.Architecture.Tests.Model;

/// <summary>One row of the arrow table of src/README.md. Patterns are project ids (<c>src/Grid.Kernel</c>) with <c>*</c>.</summary>
/// <param name="Projects">The projects that the row is about.</param>
/// <param name="MayReference">What they may depend on, in csproj, using lines and compiled references.</param>
/// <param name="MayNotReference">Taken out of <paramref name="MayReference"/> again.</param>
/// <param name="Packages">The packages and shared frameworks that they may depend on.</param>
/// <param name="BannedNamespaces">Namespaces of the platform whose types they may not name.</param>
internal sealed record Layer(
    string Projects, string[] MayReference, string[] MayNotReference, string[] Packages, string[] BannedNamespaces)
{
    public bool Allows(string projectId) => projectId.MatchesAny(MayReference) && !projectId.MatchesAny(MayNotReference);

    public bool AllowsPackage(string package) => package.MatchesAny(Packages);

    public bool Bans(string @namespace) =>
        BannedNamespaces.Any(banned => @namespace == banned || @namespace.StartsWith(banned + ".", StringComparison.Ordinal));
}
