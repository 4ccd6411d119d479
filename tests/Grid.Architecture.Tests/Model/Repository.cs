namespace Grid.Architecture.Tests.Model;

/// <summary>All text files under the folder of Grid.sln, or those of a sample. Projects are found, not listed.</summary>
internal sealed class Repository
{
    private const int TextBytesMax = 16 << 20;

    /// <summary>Not part of the repository: what builds and tools leave, and git's own (a file in a worktree).</summary>
    private static readonly HashSet<string> Ignored = new(StringComparer.Ordinal)
    {
        "bin", "obj", ".git", ".vs", ".idea", "artifacts", "TestResults", "BenchmarkDotNet.Artifacts", "node_modules",
    };

    private static readonly Lazy<Repository> LazyCurrent = new(() => new Repository(ReadAll(FindRoot(AppContext.BaseDirectory))));

    public Repository(IEnumerable<RepositoryFile> files)
    {
        Files = [.. files.OrderBy(file => file.Path, StringComparer.Ordinal)];
        Projects = [.. Files.Where(file => file.Path.EndsWith(".csproj", StringComparison.Ordinal)).Select(file => new ProjectFile(file))];
    }

    /// <summary>The repository that this test was built from.</summary>
    public static Repository Current => LazyCurrent.Value;

    public static string Root { get; } = FindRoot(AppContext.BaseDirectory);

    public IReadOnlyList<RepositoryFile> Files { get; }

    public IReadOnlyList<ProjectFile> Projects { get; }

    public IEnumerable<RepositoryFile> CSharp => Files.Where(file => file.IsCSharp);

    /// <summary>The project whose folder holds a file; the innermost one; <see langword="null"/> outside all of them.</summary>
    public ProjectFile? ProjectOf(RepositoryFile file) => Projects
        .Where(project => file.Path.StartsWith(project.Directory + "/", StringComparison.Ordinal))
        .MaxBy(project => project.Directory.Length);

    private static string FindRoot(string from)
    {
        for (var folder = new DirectoryInfo(from); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Grid.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException($"No folder above {from} holds Grid.sln; run these tests from a checkout of the repository.");
    }

    private static IEnumerable<RepositoryFile> ReadAll(string root) =>
        from path in FilesUnder(root)
        let text = TextOrNull(path)
        where text is not null
        select new RepositoryFile(Path.GetRelativePath(root, path).Replace('\\', '/'), text);

    private static IEnumerable<string> FilesUnder(string folder) => Kept(Directory.EnumerateFiles(folder))
        .Concat(Kept(Directory.EnumerateDirectories(folder)).SelectMany(FilesUnder));

    private static IEnumerable<string> Kept(IEnumerable<string> paths) => paths.Where(path => !Ignored.Contains(Path.GetFileName(path)));

    private static string? TextOrNull(string path)
    {
        if (new FileInfo(path).Length > TextBytesMax)
        {
            return null;
        }

        var text = File.ReadAllText(path);
        return text.Contains('\0', StringComparison.Ordinal) ? null : text;
    }
}
