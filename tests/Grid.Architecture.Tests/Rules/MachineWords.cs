using System.Text.RegularExpressions;
using Grid.Architecture.Tests.Model;

namespace Grid.Architecture.Tests.Rules;

/// <summary>
/// Nothing in the repository is tied to somebody's machine or network: no path into a home or private top folder, no package source, no
/// host of a private network in an address. (The patterns are written so that they do not match themselves.)
/// </summary>
internal sealed partial class MachineWords : IRule
{
    private const string OwnSamples = "tests/Grid.Architecture.Tests/Samples/";

    public string Name => nameof(MachineWords);

    public IEnumerable<Violation> Check(Repository repository) => repository.Files
        .Where(file => !file.Path.StartsWith(OwnSamples, StringComparison.Ordinal))
        .SelectMany(CheckFile);

    private static IEnumerable<Violation> CheckFile(RepositoryFile file)
    {
        if (Path.GetFileName(file.Path).Equals("nuget.config", StringComparison.OrdinalIgnoreCase))
        {
            yield return new Violation(file.Path, file.Path, "a package source belongs to the machine, not to the repository: remove the file.");
        }

        foreach (var (pattern, advice) in Patterns())
        {
            foreach (Match match in pattern.Matches(file.Text))
            {
                var line = file.Text.AsSpan(0, match.Index).Count('\n') + 1;
                yield return new Violation($"{file.Path}:{line}", $"{file.Path}#{match.Value}", $"contains '{match.Value}': {advice}");
            }
        }
    }

    private static IEnumerable<(Regex Pattern, string Advice)> Patterns() =>
    [
        (MachinePath(), "a path of one machine; use one relative to the repository or a temporary folder."),
        (PackageSource(), "an address of a package source; the machine's configuration names it."),
        (PrivateHost(), "a host of a private network; use example.org or a loopback address."),
    ];

    [GeneratedRegex(@"(?<![\w.$}~*/-])(/(root|work|farm|home/\w+|Users/\w+|tmp/\w+)/\w+|[A-Z]:\\Users\\\w+)")]
    private static partial Regex MachinePath();

    [GeneratedRegex(@"https?://[^\s""'<>]*(/v3/index\.json|/api/npm/|/nuget/)", RegexOptions.IgnoreCase)]
    private static partial Regex PackageSource();

    [GeneratedRegex(@"https?://[\w.-]+\.(internal|corp|lan|intra)\b", RegexOptions.IgnoreCase)]
    private static partial Regex PrivateHost();
}
