namespace Grid.Architecture.Tests.Model;

/// <summary>The arrow table applied to what the compiler wrote: catches transitive references and fully qualified names.</summary>
internal static class AssemblyArrows
{
    /// <param name="project">The project's id.</param>
    /// <param name="assembly">Its compiled assembly.</param>
    /// <param name="idOf">The id of a project of this repository by assembly name, or <see langword="null"/> for a foreign assembly.</param>
    public static IEnumerable<string> Check(string project, BuiltAssembly assembly, Func<string, string?> idOf)
    {
        var layer = Layers.Of(project) ?? throw new InvalidOperationException($"{project} has no row in the arrow table.");
        var links = from reference in assembly.References
                    let id = idOf(reference)
                    where id is not null && !layer.Allows(id)
                    select $"{project} is compiled against {id}, which the arrow table in src/README.md does not allow.";
        var names = from type in assembly.TypesNamed
                    where layer.Bans(type)
                    select $"{project} names {type}, which its layer keeps out. Move that code behind an SPI or into Grid.Hosting.";
        return links.Concat(names);
    }
}
