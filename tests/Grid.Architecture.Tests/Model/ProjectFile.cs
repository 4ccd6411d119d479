using System.Xml.Linq;

namespace Grid.Architecture.Tests.Model;

/// <summary>A project as its csproj describes it.</summary>
internal sealed class ProjectFile
{
    public ProjectFile(RepositoryFile file)
    {
        File = file;
        Name = Path.GetFileNameWithoutExtension(file.Path);
        Directory = Path.GetDirectoryName(file.Path)!.Replace('\\', '/');
        var xml = XDocument.Parse(file.Text);
        References = [.. Items(xml, "ProjectReference").Select(item => LinkTo(Include(item)))];
        Packages = [.. Items(xml, "PackageReference").Where(item => !IsBuildOnly(item)).Select(Include)];
        Frameworks = [.. Items(xml, "FrameworkReference").Select(Include)];
        Usings = [.. Items(xml, "Using").Select(Include)];
        AssemblyName = xml.Descendants("AssemblyName").FirstOrDefault()?.Value ?? Name;
        IsProgram = xml.Descendants("OutputType").Any(type => type.Value == "Exe");
    }

    public RepositoryFile File { get; }

    public string Name { get; }

    /// <summary>What its compiled assembly is called: its own name, unless it says otherwise.</summary>
    public string AssemblyName { get; }

    public string Directory { get; }

    /// <summary>Folder and name, such as <c>src/Grid.Kernel</c>: what the arrow table is written in.</summary>
    public string Id => $"{File.Area}/{Name}";

    public IReadOnlyList<ProjectLink> References { get; }

    /// <summary>Packages that the compiled code depends on; analyzers (<c>PrivateAssets="all"</c>) are not among them.</summary>
    public IReadOnlyList<string> Packages { get; }

    public IReadOnlyList<string> Frameworks { get; }

    public IReadOnlyList<string> Usings { get; }

    public bool IsProgram { get; }

    private static IEnumerable<XElement> Items(XDocument xml, string name) =>
        xml.Descendants(name).Where(item => item.Attribute("Include") is not null);

    private static string Include(XElement item) => item.Attribute("Include")!.Value.Replace('\\', '/');

    private static bool IsBuildOnly(XElement item) =>
        string.Equals(item.Attribute("PrivateAssets")?.Value, "all", StringComparison.OrdinalIgnoreCase);

    private ProjectLink LinkTo(string include)
    {
        var parts = new List<string>(Directory.Split('/'));
        foreach (var part in include.Split('/'))
        {
            if (part == "..")
            {
                parts.RemoveAt(parts.Count - 1);
            }
            else if (part != ".")
            {
                parts.Add(part);
            }
        }

        return new ProjectLink($"{parts[0]}/{Path.GetFileNameWithoutExtension(parts[^1])}");
    }
}
