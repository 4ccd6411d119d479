using Grid.Architecture.Tests.Model;

namespace Grid.Architecture.Tests.Rules;

/// <summary>Every project is in Grid.sln: what is not there is neither built nor tested.</summary>
internal sealed class SolutionIsComplete : IRule
{
    public string Name => nameof(SolutionIsComplete);

    public IEnumerable<Violation> Check(Repository repository)
    {
        var solution = repository.Files.FirstOrDefault(file => file.Path == "Grid.sln")?.Text.Replace('\\', '/') ?? "";
        return from project in repository.Projects
               where !solution.Contains($"\"{project.File.Path}\"", StringComparison.Ordinal)
               select new Violation(
                   project.File.Path,
                   project.Id,
                   $"is not in Grid.sln, so nobody builds or tests it: dotnet sln Grid.sln add --solution-folder {project.File.Area} {project.File.Path}");
    }
}
