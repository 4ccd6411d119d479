namespace Grid.Architecture.Tests.Model;

/// <summary>A project reference. <paramref name="Id"/> is folder and name, such as <c>src/Grid.Kernel</c>.</summary>
internal readonly record struct ProjectLink(string Id)
{
    public string Name => Id[(Id.IndexOf('/') + 1)..];
}
