using Grid.Architecture.Tests.Model;

namespace Grid.Architecture.Tests.Rules;

/// <summary>Project, package and framework references follow the arrow table.</summary>
internal sealed class ProjectArrows : IRule
{
    public string Name => nameof(ProjectArrows);

    public IEnumerable<Violation> Check(Repository repository) => repository.Projects.SelectMany(CheckProject);

    private static IEnumerable<Violation> CheckProject(ProjectFile project)
    {
        if (Layers.Of(project.Id) is not { } layer)
        {
            return [Breach(project, "has no row in the arrow table: record the decision in src/README.md, then add it to Model/Layers.cs.")];
        }

        var links = project.References.Where(link => !layer.Allows(link.Id)).Select(link => Breach(
            project, $"references {link.Id}; it may reference {Listed(layer.MayReference)}. Remove the reference, or record a decision in src/README.md first."));
        var packages = project.Packages.Concat(project.Frameworks).Where(package => !layer.AllowsPackage(package)).Select(package => Breach(
            project, $"depends on the package {package}; it may depend on {Listed(layer.Packages)}. A new package is a decision in src/README.md."));
        return links.Concat(packages);
    }

    private static string Listed(string[] patterns) => patterns.Length == 0 ? "none" : string.Join(", ", patterns);

    private static Violation Breach(ProjectFile project, string what) => new(project.File.Path, project.Id, $"{project.Id} {what}");
}
