using System.Text.RegularExpressions;
using Grid.Architecture.Tests.Model;

namespace Grid.Architecture.Tests.Rules;

/// <summary>What a document points to is there: relative links, and the projects that its commands name.</summary>
internal sealed partial class DocumentLinks : IRule
{
    public string Name => nameof(DocumentLinks);

    public IEnumerable<Violation> Check(Repository repository) =>
        repository.Files.Where(file => file.Path.EndsWith(".md", StringComparison.Ordinal)).SelectMany(file => CheckDocument(repository, file));

    private static IEnumerable<Violation> CheckDocument(Repository repository, RepositoryFile file)
    {
        var links = from Match link in Link().Matches(file.Text)
                    let target = Resolve(Path.GetDirectoryName(file.Path)!, link.Groups["target"].Value)
                    where !Exists(repository, target)
                    select Breach(file, link, $"links to {link.Groups["target"].Value}, which is not there: repair the link.");
        var commands = from Match command in Command().Matches(file.Text)
                       let folder = command.Groups["project"].Value.TrimEnd('/')
                       where !repository.Projects.Any(project => project.Directory == folder || project.File.Path == folder)
                       select Breach(file, command, $"has a command for the project {folder}, which is not there: a reader would copy it and fail.");
        return links.Concat(commands);
    }

    private static bool Exists(Repository repository, string path) =>
        path.Length == 0 || repository.Files.Any(file => file.Path == path || file.Path.StartsWith(path + "/", StringComparison.Ordinal));

    private static string Resolve(string folder, string target)
    {
        var parts = folder.Split('/', '\\').Where(part => part.Length > 0).ToList();
        foreach (var part in target.Split('#')[0].Split('/').Where(part => part is not ("" or ".")))
        {
            if (part != "..")
            {
                parts.Add(part);
            }
            else if (parts.Count > 0)
            {
                parts.RemoveAt(parts.Count - 1);
            }
        }

        return string.Join('/', parts);
    }

    private static Violation Breach(RepositoryFile file, Match match, string what) =>
        new($"{file.Path}:{file.Text.AsSpan(0, match.Index).Count('\n') + 1}", file.Path, what);

    [GeneratedRegex(@"\]\((?!https?:|mailto:|#)(?<target>[^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"(--project|dotnet test|dotnet build) +(?<project>(src|spi|tests|samples)/[\w./-]+)")]
    private static partial Regex Command();
}
